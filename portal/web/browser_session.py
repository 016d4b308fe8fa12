"""What the cookie of a browser keeps when somebody signs in or out: apart, since signing up begins a session, too."""

from flask import Flask, g, request, session
from flask_login import LoginManager, current_user, login_user

from portal.models import Account, AccountKind, SignIn
from portal.models.accounts.authentication import authenticate
from portal.web.headers import client_address

#: What a stranger chose or entered before signing in, and still needs afterwards.
KEPT_AT_SIGN_IN = ("codes", "language")

#: Where Flask-Login has the token of the sign-in in the cookie, and what it has read in this request.
TOKEN, READ = "_user_id", "_login_user"


def init_app(app: Flask) -> None:
    """Let Flask-Login find the sign-in of a browser by the token in its cookie."""
    sign_ins = LoginManager(app, add_context_processor=False)  # pages ask for current_account
    sign_ins.session_protection = None  # the row in sign_ins is the session
    sign_ins.user_loader(SignIn.recognise)


def sign_in() -> SignIn | None:
    """Return the sign-in for which this browser stands, read anew; none for strangers, and when it has ended.

    It may lack its second factor, and its account may have been closed: the guard looks after that.
    """
    g.pop(READ, None)
    found = current_user._get_current_object()
    return found if found.is_authenticated else None


def enter(kind: AccountKind, email: str, password: str) -> Account:
    """Sign this browser in to the account with that email and password. Raises as `authenticate` does."""
    made = authenticate(kind, email, password, address=client_address(), browser=request.user_agent.string)
    begin(made)
    return made.account


def begin(made: SignIn) -> None:
    """Let this browser stand for the sign-in just made; nothing of the session before is taken along."""
    _clear_but(KEPT_AT_SIGN_IN)
    session.permanent = not made.account.is_staff
    login_user(made)


def end(*, but: tuple[str, ...] = ()) -> None:
    """Leave nothing behind except the language and what `but` names."""
    g.pop("sign_in", None)  # its row is gone, or soon will be
    _clear_but(("language", *but))


def _clear_but(names: tuple[str, ...]) -> None:
    kept = {name: session[name] for name in names if name in session}
    session.clear()
    session.update(kept)
