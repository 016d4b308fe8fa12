"""How many guardians a student may have."""

from typing import Any

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from portal.forms.form import Form
from portal.text.language import lazy_gettext as _

FEWEST, MOST = 1, 20

OUTSIDE = _("Enter a number from 1 to 20.")


class CountField(IntegerField):
    """A whole number; what is none gets the same sentence as one that is out of range."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(OUTSIDE) from None


class GuardianLimitForm(Form):
    limit = CountField(_("Guardians at most"), [InputRequired(OUTSIDE), NumberRange(FEWEST, MOST, OUTSIDE)])
