"""Resetting the access code that was on the page."""

from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from portal.forms.form import Form
from portal.text.language import lazy_gettext as _


class CodeResetForm(Form):
    #: The public id of the code's row, never the code.
    seen = HiddenField(
        validators=[InputRequired(_("This page is not complete. Reload it and try again.")), Length(max=22)]
    )
