"""Signing in, the second factor, forgotten passwords, and changing one's own account."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.db import Refused
from portal.forms.base import Form, TriesForm
from portal.forms.person import NewPasswordForm, email_field, new_password_field
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class SignInForm(TriesForm):
    email = EmailField(_("Email"), [InputRequired(_("Enter your email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])


class StaffSignInForm(TriesForm):
    email = StringField(_("Work email"), [InputRequired(_("Enter your work email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])


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


class PasswordForgottenForm(Form):
    email = email_field(_("Your email"))


class PasswordResetForm(NewPasswordForm):
    password = new_password_field(_("New password"))


class CurrentPasswordForm(TriesForm):
    """Asks again for the password, before what matters."""

    current = PasswordField(
        _("Your password now"), [InputRequired(_("Enter the password you have now.")), Length(max=500)]
    )

    def check_current(self, is_right: bool) -> None:  # noqa: FBT001
        if not is_right:
            self.refuse(Refused(gettext("This is not your password.")), self.current)


class ClosingForm(CurrentPasswordForm):
    pass


class PasswordForm(CurrentPasswordForm, NewPasswordForm):
    password = new_password_field(_("New password"))


class EmailForm(CurrentPasswordForm):
    email = email_field(_("New email"))
