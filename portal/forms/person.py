"""What forms ask of a person: names, email, a new password; and what is stored of a text that was typed."""

import unicodedata
from collections.abc import Iterable

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length

from portal.crypto import passwords
from portal.db import Refused
from portal.forms.base import Form
from portal.forms.fields import Text
from portal.text.language import lazy_gettext as _


def tidy(text: str | None) -> str:
    """Return `text` with single spaces, composed letters and no control characters, and otherwise as typed."""
    composed = unicodedata.normalize("NFC", text or "")
    visible = (" " if unicodedata.category(sign) == "Cc" else sign for sign in composed)
    return " ".join("".join(visible).split())


def lower(text: str | None) -> str:
    """Return `text` tidied and in lower case."""
    return tidy(text).lower()


def plain(text: str | None) -> str:
    """Return `text` with composed letters, uniform line ends, no control characters, and no space around it."""
    lines = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


def email_field(label: Text, *, missing: Text | None = None) -> EmailField:
    mistyped = _("This email looks mistyped. Write it like name@example.com.")
    return EmailField(
        label,
        [DataRequired(missing or _("Enter your email.")), Email(mistyped), Length(max=254)],
        filters=[lower],
    )


def name_field(label: Text, *validators: DataRequired) -> StringField:
    too_long = _("Use at most 120 characters.")
    return StringField(label, [*validators, Length(max=120, message=too_long)], filters=[tidy])


def title_field() -> StringField:
    too_long = _("Use at most 120 characters.")
    return StringField(_("Title"), [Length(max=120, message=too_long)], filters=[tidy])


def new_password_field(label: Text) -> PasswordField:
    return PasswordField(label, [InputRequired(_("Choose a password."))])


class NewPasswordForm(Form):
    """A form that sets a password; each names the field itself."""

    password: PasswordField

    def accepts_password(self, personal: Iterable[str]) -> bool:
        """Return whether the password is strong enough; the form says why not. `personal` is easily guessed."""
        why = passwords.weakness(self.password.data, personal=[each for each in personal if each])
        if why:
            self.refuse(Refused(why), self.password)
        return why is None
