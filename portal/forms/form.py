"""The form all others build on."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf import FlaskForm

from portal import db
from portal.db import Refused

_T = TypeVar("_T")


class Form(FlaskForm):
    """A form that knows the status of the page it is shown on."""

    @property
    def status(self) -> int:
        """200, or 422 when what was sent was refused."""
        return 422 if self.errors or self.form_errors else 200

    def attempt(self, verb: Callable[[], _T], *, at: Any = None) -> _T | None:
        """Do `verb` in one write transaction and give what it gives.

        None when the rules said no: nothing is changed then, and the form says why, at the field `at` or above.
        """
        try:
            return db.retrying(verb)
        except Refused as refusal:
            self.refuse(refusal, at)
            return None

    def refuse(self, refusal: Refused, field: Any = None) -> None:
        """Show why the rules said no: at `field`, or above the form."""
        place = field.errors if field is not None else self.form_errors
        if field is not None:
            field.errors = [*place, str(refusal)]
        else:
            self.form_errors.append(str(refusal))
