"""Signing in as staff."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.forms.tries import TriesForm
from portal.text.language import lazy_gettext as _


class StaffSignInForm(TriesForm):
    email = StringField(_("Work email"), [InputRequired(_("Enter your work email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])
