"""Resetting the access code that was on the page."""

from wtforms import HiddenField
from wtforms.validators import Length

from portal.forms.form import Form


class CodeResetForm(Form):
    #: The public id of the code's row, never the code.
    seen = HiddenField(validators=[Length(max=22)])
