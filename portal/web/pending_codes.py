"""The pending codes of a browser: access codes that were entered and have not become pairings yet.

They wait in its cookie, sealed, while the guardian looks at the masked child and makes an account.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import session

from portal import clock
from portal.crypto import keys
from portal.crypto.key_ring import KeysError
from portal.db import Refused
from portal.text.access_code import MOST_AT_ONCE
from portal.text.language import gettext as _

KEPT_FOR = timedelta(minutes=30)
_PURPOSE, _OWNER, _PLACE = "presented-codes-v1", "browser", "codes"


class TooMany(Refused):
    """More codes than one may enter at once."""

    def __init__(self) -> None:
        super().__init__(_("Enter at most %(most)s access codes at once.", most=MOST_AT_ONCE))


def kept() -> list[str]:
    """Return the canonical codes in the order they were entered; none once the time is over."""
    try:
        sealed = urlsafe_b64decode(session.get(_PLACE, ""))
        opened = json.loads(keys.open_sealed(sealed, purpose=_PURPOSE, owner=_OWNER))
    except (KeysError, ValueError):
        return []
    is_over = clock.now() - datetime.fromisoformat(opened["since"]) > KEPT_FOR
    return [] if is_over else list(opened["codes"])


def with_kept(codes: Iterable[str]) -> list[str]:
    """Return the kept codes and these, each once. Raises TooMany."""
    together = list(dict.fromkeys([*kept(), *codes]))
    if len(together) > MOST_AT_ONCE:
        raise TooMany
    return together


def keep(codes: Iterable[str]) -> None:
    """Keep exactly these, from now on."""
    text = json.dumps({"since": clock.now().isoformat(), "codes": list(codes)})
    sealed = keys.seal(text, purpose=_PURPOSE, owner=_OWNER)
    session[_PLACE] = urlsafe_b64encode(sealed).decode()


def drop(mark: str) -> list[str]:
    """Forget the code with this mark; those that are left."""
    before = kept()
    left = [code for code in before if mark_of(code) != mark]
    if left != before:
        keep(left)
    return left


def forget() -> None:
    session.pop(_PLACE, None)


def mark_of(code: str) -> str:
    """Return a name for the code in forms, from which nobody can learn the code."""
    return keys.index(_PURPOSE, code).hex()[:16]
