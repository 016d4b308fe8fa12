"""Tokens in links that we mail: signed, for one purpose, for a while."""

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.crypto import keys

#: How long each kind of link works, in minutes. Password resets as OWASP ASVS 5.0, 6.4 asks.
PASSWORD_RESET, EMAIL_CHECK, SIGN_UP_CHECK, INVITATION = (
    "password-reset",
    "email-check",
    "sign-up-check",
    "invitation",
)
MINUTES = {PASSWORD_RESET: 30, EMAIL_CHECK: 3 * 24 * 60, SIGN_UP_CHECK: 60, INVITATION: 14 * 24 * 60}


def make(purpose: str, claims: dict[str, Any]) -> str:
    """A token that says `claims`. What should work once puts something in them that its use changes."""
    return str(_serializer(keys.secret(purpose), purpose).dumps(claims))


def read(purpose: str, token: str) -> dict[str, Any] | None:
    """What the token says; None when it is forged, for something else, or too old."""
    for secret in (keys.secret(purpose), *keys.old_secrets(purpose)):
        try:
            return dict(_serializer(secret, purpose).loads(token, max_age=MINUTES[purpose] * 60))
        except BadData:
            continue
    return None


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=purpose)
