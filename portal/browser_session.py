"""The cookie of a browser: what it keeps when somebody signs in or out."""

from flask import session
from flask_login import login_user

from portal.models import SignIn

#: What a stranger chose or entered before signing in, and still needs afterwards.
KEPT_AT_SIGN_IN = ("codes", "language")


def begin(sign_in: SignIn) -> None:
    """Let this browser stand for `sign_in`; nothing of the session before is taken along."""
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    session.clear()
    session.update(kept)
    session.permanent = not sign_in.account.is_staff
    login_user(sign_in)


def end() -> None:
    """Leave nothing behind but the language."""
    kept = {"language": session["language"]} if "language" in session else {}
    session.clear()
    session.update(kept)
