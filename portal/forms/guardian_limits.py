"""How many guardians a student may have."""

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from portal.forms.form import Form
from portal.language import lazy_gettext as _

FEWEST, MOST = 1, 20


class GuardianLimitForm(Form):
    limit = IntegerField(
        _("Guardians at most"),
        [
            InputRequired(_("Enter a number from 1 to 20.")),
            NumberRange(FEWEST, MOST, _("Enter a number from 1 to 20.")),
        ],
    )
