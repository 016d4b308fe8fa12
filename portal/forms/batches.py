"""Saying that something is meant for many students; where codes are at stake, with the password."""

from portal.forms.sure import SureForm
from portal.models import Batch
from portal.models.fate import Act

#: What destroys letters or takes codes out of the portal.
WEIGHTY = {Act.RESET, Act.EXPORT}


class BatchForm(SureForm):
    """Nothing to fill in besides, perhaps, the password."""

    is_weighty = False

    @classmethod
    def of(cls, batch: Batch) -> "BatchForm":
        form = cls()
        form.is_weighty = batch.act in WEIGHTY
        return form

    @property
    def asks_password(self) -> bool:
        return self.is_weighty and super().asks_password
