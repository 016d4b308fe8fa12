"""What the cookie of a browser keeps when somebody signs in or out: apart, since signing up begins a session, too."""

from flask import g, request, session
from flask_login import login_user

from portal.models import Account, AccountKind, SignIn
from portal.models.accounts.authentication import authenticate
from portal.web.headers import client_address

#: What a stranger chose or entered before signing in, and still needs afterwards.
KEPT_AT_SIGN_IN = ("codes", "language")


def enter(kind: AccountKind, email: str, password: str) -> Account:
    """Sign this browser in to the account with that email and password. Raises as `authenticate` does."""
    sign_in = authenticate(kind, email, password, address=client_address(), browser=request.user_agent.string)
    begin(sign_in)
    return sign_in.account


def begin(sign_in: SignIn) -> None:
    """Let this browser stand for `sign_in`; nothing of the session before is taken along."""
    _clear_but(KEPT_AT_SIGN_IN)
    session.permanent = not sign_in.account.is_staff
    login_user(sign_in)


def end(*, but: tuple[str, ...] = ()) -> None:
    """Leave nothing behind except the language and what `but` names."""
    g.pop("sign_in", None)  # its row is gone, or soon will be
    _clear_but(("language", *but))


def _clear_but(names: tuple[str, ...]) -> None:
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)
