"""The form all others build on."""

from typing import Any

from flask_wtf import FlaskForm

from portal.db import Refused


class Form(FlaskForm):
    """A form that knows the status of the page it is shown on."""

    @property
    def status(self) -> int:
        """200, or 422 when what was sent was refused."""
        return 422 if self.errors or self.form_errors else 200

    def refuse(self, refusal: Refused, field: Any = None) -> None:
        """Show why the rules said no: at `field`, or above the form."""
        place = field.errors if field is not None else self.form_errors
        if field is not None:
            field.errors = [*place, str(refusal)]
        else:
            self.form_errors.append(str(refusal))
