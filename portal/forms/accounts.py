"""Signing in, the second factor, forgotten passwords, and changing one's own account."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.db import Refused
from portal.forms.base import Form, TriesForm
from portal.forms.fields import NewPasswordForm, email_field, new_password_field
from portal.models import SignIn
from portal.models.accounts.second_factor import accept
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _
from portal.web.headers import client_address


class SignInForm(TriesForm):
    """Signing in as a guardian."""

    email = EmailField(_("Email"), [InputRequired(_("Enter your email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])


class StaffSignInForm(TriesForm):
    """Signing in as staff."""

    email = StringField(_("Work email"), [InputRequired(_("Enter your work email.")), Length(max=254)])
    password = PasswordField(_("Password"), [InputRequired(_("Enter your password.")), Length(max=500)])


class SetUpForm(TriesForm):
    """The first digits of a new second factor."""

    digits = StringField(
        _("Six digits from the app"),
        [InputRequired(_("Enter the six digits the app shows.")), Length(max=20)],
    )


class SecondFactorForm(TriesForm):
    """The second factor, asked when signing in."""

    typed = StringField(
        _("Six digits or a recovery code"),
        [InputRequired(_("Enter the six digits the app shows, or a recovery code.")), Length(max=40)],
    )

    def confirm(self, sign_in: SignIn) -> bool:
        """Finish signing in with what was typed; says why when it does not fit, which is counted."""
        is_right = self.attempt(lambda: accept(sign_in, self.typed.data, address=client_address()))
        if is_right is False:
            refusal = gettext("This does not fit, or was used before. Wait for the next six digits.")
            self.refuse(Refused(refusal), self.typed)
        return bool(is_right)


class PasswordForgottenForm(Form):
    """The form that asks for the email to which the link for a new password is sent."""

    email = email_field(_("Your email"))


class PasswordResetForm(NewPasswordForm):
    """A new password, by a mailed link."""

    password = new_password_field(_("New password"))


class CurrentPasswordForm(TriesForm):
    """The present password, asked again before a change of the account."""

    current = PasswordField(
        _("Your password now"), [InputRequired(_("Enter the password you have now.")), Length(max=500)]
    )

    def confirm_current(self) -> bool:
        """Check the password that was typed; says why when it is wrong, or after too many tries."""
        return self.check_password(self.current)


class ClosingForm(CurrentPasswordForm):
    pass


class PasswordForm(CurrentPasswordForm, NewPasswordForm):
    """Changing one's password."""

    password = new_password_field(_("New password"))


class EmailForm(CurrentPasswordForm):
    """Changing one's email."""

    email = email_field(_("New email"))
