"""The second factor of staff: six digits from an app, or a recovery code that works once."""

import base64
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy import ForeignKey, LargeBinary, delete, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.crypto import keys
from portal.db import Base, Refused, db
from portal.models.accounts import throttle
from portal.models.accounts.account import Account, Staff
from portal.models.accounts.sign_in import SignIn
from portal.models.event import Event, EventKind
from portal.text.access_code import ALPHABET, MISREAD
from portal.text.language import gettext as _

#: RFC 6238: seconds for which six digits hold, and how many of these spans a clock may be off.
STEP_SECONDS, STEPS_OFF = 30, 1

#: Recovery codes: how many, and symbols in each (50 random bits).
RECOVERY_CODES, RECOVERY_SYMBOLS = 10, 10

PURPOSE, RECOVERY_PURPOSE = "totp-v1", "recovery-code-v1"


class RecoveryCode(Base):
    """A code on paper that stands in once for a lost second factor."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    #: A keyed hash of the code.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None]


def new_secret() -> str:
    """Return a new secret for the app: 160 random bits (RFC 4226, 4) in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def app_address(staff: Account, secret: str) -> str:
    """Return the address that the QR code holds for the app."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=staff.email, issuer_name="Guardian Portal"))


def set_up(sign_in: SignIn, secret: str, digits: str, *, address: str) -> list[str]:
    """Keep `secret`, since `digits` show that the app has it, and complete the sign-in.

    Returns the recovery codes, which are never shown again.
    Raises Refused for wrong digits, and where there is a second factor already.
    """
    staff = sign_in.account
    step = _step_of(secret, digits)
    if step is None:
        raise Refused(_("These digits do not fit. Enter the ones the app shows now."))
    sealed = keys.seal(secret, purpose=PURPOSE, owner=staff.public_id)
    unset = update(Staff).where(Staff.id == staff.id, Staff.totp_sealed.is_(None))
    if _changed(unset.values(totp_sealed=sealed, totp_last_step=step)) == 0:
        raise Refused(_("This account has a second factor already. Sign in with it."))
    sign_in.second_factor_at = clock.now()
    Event.record(EventKind.SECOND_FACTOR_SET, by=staff, address=address)
    return _fresh_recovery_codes(staff)


def accept(sign_in: SignIn, typed: str, *, address: str) -> bool:
    """Return whether `typed` is the second factor; then the sign-in is complete, and `typed` works no more.

    A wrong one is counted: the view must not raise afterwards, which would undo that.
    Raises throttle.TooManyTries during a wait.
    """
    staff = sign_in.account
    limits = throttle.sign_in_keys("second factor", staff.public_id, address)
    throttle.check_sign_in(limits)
    if not (_use_digits(staff, typed) or _use_recovery_code(staff, typed)):
        for limit in limits:
            throttle.count(limit)
        Event.record(EventKind.SIGN_IN_FAILED, about_id=staff.id, address=address, factor=2)
        return False
    throttle.forget(limits[0])
    sign_in.second_factor_at = clock.now()
    Event.record(EventKind.SIGNED_IN, by=staff, address=address, factor=2)
    return True


def _use_digits(staff: Account, typed: str) -> bool:
    """Accept the digits of each 30 seconds once, even when two requests bring them at the same moment."""
    if not isinstance(staff, Staff) or staff.totp_sealed is None:
        return False
    step = _step_of(keys.open_sealed(staff.totp_sealed, purpose=PURPOSE, owner=staff.public_id), typed)
    is_newer = or_(Staff.totp_last_step.is_(None), Staff.totp_last_step < (step or 0))
    later = update(Staff).where(Staff.id == staff.id, is_newer).values(totp_last_step=step)
    return step is not None and _changed(later) == 1


def _use_recovery_code(staff: Account, typed: str) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff.id,
        RecoveryCode.digest.in_(keys.indexes(RECOVERY_PURPOSE, _canonical(typed))),
        RecoveryCode.used_at.is_(None),
    )
    return _changed(unused.values(used_at=clock.now())) == 1


def _step_of(secret: str, digits: str) -> int | None:
    """Return the number of the 30 seconds whose digits these are, as far off as a clock may be; none otherwise."""
    typed = "".join(digits.split()).encode()
    now = int(clock.now().timestamp()) // STEP_SECONDS
    spans = range(now - STEPS_OFF, now + STEPS_OFF + 1)
    app = pyotp.HOTP(secret)
    return next((step for step in spans if compare_digest(app.at(step).encode(), typed)), None)


def _fresh_recovery_codes(staff: Account) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_SYMBOLS)) for _ in range(RECOVERY_CODES)
    ]
    digests = [keys.index(RECOVERY_PURPOSE, code) for code in codes]
    db.session.add_all(RecoveryCode(staff_id=staff.id, digest=digest) for digest in digests)
    db.session.flush()
    half = RECOVERY_SYMBOLS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _canonical(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum()).translate(MISREAD)


def _changed(statement: object) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[call-overload]
