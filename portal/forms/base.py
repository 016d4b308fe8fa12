"""Forms: the status of their page, refusals, throttling, and the password asked for again."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from babel.support import NullTranslations, Translations
from flask import g
from flask_wtf import FlaskForm
from sqlalchemy.orm.attributes import set_committed_value
from wtforms import Field, PasswordField
from wtforms.i18n import messages_path
from wtforms.validators import Length

from portal import clock, db
from portal.db import Refused
from portal.models import SignIn
from portal.models.accounts.own_account import knows_password
from portal.models.accounts.throttle import TooManyTries
from portal.text.language import gettext, now
from portal.text.language import lazy_gettext as _
from portal.web.headers import client_address

_T = TypeVar("_T")


class Form(FlaskForm):
    """A form that knows the status of the page it is shown on."""

    class Meta(FlaskForm.Meta):
        """The settings that WTForms reads from a form."""

        def get_translations(self, _form: FlaskForm) -> "_Messages":
            return _Messages()

    @property
    def status(self) -> int:
        """200, or 422 when what was sent was refused."""
        return 422 if self.errors or self.form_errors else 200

    def attempt(
        self, verb: Callable[[], _T], *, at: Field | None = None, writes_itself: bool = False
    ) -> _T | None:
        """Do `verb` in one write transaction and give what it gives.

        With `writes_itself`, the verb opens its transactions itself, after what takes long: hashing a password.
        None when the rules said no: nothing is changed then, and the form says why, at the field `at` or above.
        """
        try:
            return verb() if writes_itself else db.retrying(verb)
        except Refused as refusal:
            self.refuse(refusal, at)
            return None

    def refuse(self, refusal: Refused, field: Field | None = None) -> None:
        """Show why the rules said no: at `field`, or above the form."""
        place = field.errors if field is not None else self.form_errors
        if field is not None:
            field.errors = [*place, str(refusal)]
        else:
            self.form_errors.append(str(refusal))


class TriesForm(Form):
    """Answers 429 and says when to come back, once there were too many tries."""

    retry_after: int | None = None

    def refuse(self, refusal: Refused, field: Field | None = None) -> None:
        super().refuse(refusal, field)
        if isinstance(refusal, TooManyTries):
            self.retry_after = refusal.seconds

    @property
    def status(self) -> int:
        return 429 if self.retry_after else super().status

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are sent with the page."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}

    def check_password(self, field: PasswordField) -> bool:
        """Check what was typed into `field` against the account's password.

        A wrong password is counted, as at signing in, and refused at the field. Hashes: call it outside a write
        transaction.
        """
        typed = field.data or ""
        is_right = self.attempt(
            lambda: knows_password(g.account, typed, address=client_address()), writes_itself=True
        )
        if is_right is False:
            self.refuse(Refused(gettext("This is not your password.")), field)
        return bool(is_right)


class ReauthenticationForm(TriesForm):
    """A form with room for the password, where it is asked for: `components/_reauthentication.html` shows it then.

    Its view takes `writes_itself=True` and says `form.validate_on_submit() and form.confirm_password()`, in this order:
    a password is hashed outside every write transaction, and only for a form that is otherwise right.
    """

    password = PasswordField(_("Your password"), [Length(max=500)])

    @property
    def asks_password(self) -> bool:
        return not g.sign_in.has_recent_password

    def confirm_password(self) -> bool:
        """Check that the person at the browser is who signed in, where that is asked, and remember it.

        Says why when not.
        """
        if not self.asks_password:
            return not self.errors
        if not self.password.data:
            self.refuse(Refused(gettext("Enter your password.")), self.password)
        elif self.check_password(self.password):
            _remember()
        return not self.errors


class _Messages:
    """Translates WTForms' own messages about wrong fields into the language of now."""

    def gettext(self, sentence: str) -> str:
        return str(_messages_in(now()).gettext(sentence))

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        return str(_messages_in(now()).ngettext(singular, plural, count))


@lru_cache
def _messages_in(language: str) -> NullTranslations:
    return Translations.load(messages_path(), [language], domain="wtforms")


def _remember() -> None:
    sign_in_id: int = g.sign_in.id
    with db.writing():
        SignIn.note_password(sign_in_id)
    set_committed_value(g.sign_in, "password_given_at", clock.now())  # this request works with what it read
