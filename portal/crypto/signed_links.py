"""Make and read the signed tokens in mailed links. Apart from `keys`, which seals and indexes what is stored."""

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.crypto import keys

#: The purposes of links. A token of one purpose is not accepted for another.
PASSWORD_RESET = "password-reset"  # noqa: S105
EMAIL_CHECK = "email-check"
SIGN_UP_CHECK = "sign-up-check"
INVITATION = "invitation"

#: How many minutes each kind of link works; for password resets by OWASP ASVS 5.0, 6.4.
MINUTES = {PASSWORD_RESET: 30, EMAIL_CHECK: 3 * 24 * 60, SIGN_UP_CHECK: 60, INVITATION: 14 * 24 * 60}


def make(purpose: str, claims: dict[str, Any]) -> str:
    """Return a token for a link.

    `purpose` is one of the constants above; `claims` are values that JSON can hold. For a link that works once,
    include in the claims something that its use changes, and compare it when the token is read.
    """
    return str(_serializer(keys.secret(purpose), purpose).dumps(claims))


def read(purpose: str, token: str) -> dict[str, Any] | None:
    """Return the claims of the token; None when it is forged, has another purpose, or is too old."""
    for secret in (keys.secret(purpose), *keys.old_secrets(purpose)):
        try:
            return dict(_serializer(secret, purpose).loads(token, max_age=MINUTES[purpose] * 60))
        except BadData:
            continue
    return None


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=purpose)
