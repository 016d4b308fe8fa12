"""Writing down that letters were printed: for the record, and at the codes that stand on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, update

from portal import clock
from portal.db import db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.event import Event, EventKind
from portal.models.letters.list import Recipient
from portal.models.rows import batched


def record_printed(recipients: Sequence[Recipient], *, by: Account | None) -> None:
    """Write down, in the open transaction, that a letter was made for each of them: who printed, and when."""
    made_at = clock.now()
    common = {"kind": EventKind.LETTER_PRINTED.value, "at": made_at}
    if by:
        common |= {"account_id": by.id, "address": by.acting_from}
    for some in batched(recipients):
        db.session.execute(insert(Event), [common | {"student_id": each.student_id} for each in some])
        mark_made([each.code_id for each in some], at=made_at)


def mark_made(code_ids: Sequence[int], *, at: datetime) -> None:
    """A letter with each of these codes was made at that moment."""
    made = update(AccessCode).where(AccessCode.id.in_(code_ids)).values(letter_made_at=at)
    db.session.execute(made.execution_options(synchronize_session=False))
