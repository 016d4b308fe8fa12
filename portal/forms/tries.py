"""Forms on which one may try only so often."""

from typing import Any

from portal.db import Refused
from portal.forms.form import Form
from portal.models.accounts.throttle import TooManyTries


class TriesForm(Form):
    """Answers 429 and says when to come back, once there were too many tries."""

    retry_after: int | None = None

    def refuse(self, refusal: Refused, field: Any = None) -> None:
        super().refuse(refusal, field)
        if isinstance(refusal, TooManyTries):
            self.retry_after = refusal.seconds

    @property
    def status(self) -> int:
        return 429 if self.retry_after else super().status

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the page besides its status."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}
