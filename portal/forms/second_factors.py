"""The second factor: set up once, then asked at each sign-in."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.forms.tries import TriesForm
from portal.text.language import lazy_gettext as _


class SetUpForm(TriesForm):
    digits = StringField(
        _("Six digits from the app"),
        [InputRequired(_("Enter the six digits the app shows.")), Length(max=20)],
    )


class SecondFactorForm(TriesForm):
    typed = StringField(
        _("Six digits or a recovery code"),
        [InputRequired(_("Enter the six digits the app shows, or a recovery code.")), Length(max=40)],
    )
