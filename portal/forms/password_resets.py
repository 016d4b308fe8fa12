"""A forgotten password."""

from portal.forms.form import Form
from portal.forms.person import NewPasswordForm, email_field, new_password_field
from portal.text.language import lazy_gettext as _


class PasswordForgottenForm(Form):
    email = email_field(_("Your email"))


class PasswordResetForm(NewPasswordForm):
    password = new_password_field(_("New password"))
