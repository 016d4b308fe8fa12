"""Changing one's own account."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.db import Refused
from portal.forms.person import NewPasswordForm, email_field, new_password_field
from portal.forms.tries import TriesForm
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


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
