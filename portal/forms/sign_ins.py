"""Signing in as a parent or guardian."""

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired, Length

from portal.forms.tries import TriesForm
from portal.text.language import lazy_gettext as _


class SignInForm(TriesForm):
    email = EmailField(_("Email"), [InputRequired(_("Enter your email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])
