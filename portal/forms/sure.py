"""Acts of weight ask for the password again, unless it was given in this browser a few minutes ago."""

from typing import Any

from flask import g
from sqlalchemy.orm.attributes import set_committed_value
from wtforms import PasswordField
from wtforms.validators import Length

from portal import clock, db
from portal.db import Refused
from portal.forms.tries import TriesForm
from portal.models import SignIn
from portal.models.accounts.own_account import knows_password
from portal.models.accounts.throttle import TooManyTries
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _
from portal.web.headers import client_address


class SureForm(TriesForm):
    """A form with room for the password, where it is asked for: `components/_sure.html` shows it then.

    Its view takes `writes_itself=True` and says `form.validate_on_submit() and form.is_sure()`, in this order:
    a password is hashed outside every write transaction, and only for a form that is otherwise right.
    """

    password = PasswordField(_("Your password"), [Length(max=500)])

    @property
    def asks_password(self) -> bool:
        return not g.sign_in.is_sure

    def is_sure(self) -> bool:
        """Whether the person at the browser is who signed in. Says why when not; wrong passwords are counted."""
        if self.asks_password:
            try:
                self._check(self.password.data or "")
            except TooManyTries as refusal:
                self.refuse(refusal)
        return not self.errors

    def _check(self, typed: str) -> None:
        if not typed:
            self.refuse(Refused(gettext("Enter your password.")), self.password)
        elif not knows_password(g.account, typed, address=client_address()):
            self.refuse(Refused(gettext("This is not your password.")), self.password)
        else:
            _remember()


def _remember() -> None:
    sign_in_id: Any = g.sign_in.id
    with db.writing():
        SignIn.note_password(sign_in_id)
    set_committed_value(g.sign_in, "password_given_at", clock.now())  # this request works with what it read
