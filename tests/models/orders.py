"""Orders that keep somebody from seeing a student, as courts and families give them."""

from datetime import date
from typing import Any

from portal import db
from portal.models import Restriction
from portal.models.guardians.restricting import CustodyOrder, restrict

#: The day of rows.MORNING.
TODAY = date(2026, 11, 16)


def place(
    student: Any,
    email: str,
    *,
    by: Any,
    first: date = TODAY,
    last: date | None = None,
    replaces_code: bool = False,
) -> Restriction:
    order = CustodyOrder("The court decided on 3 November.", "Docket 26-114", first, last)
    with db.writing():
        return restrict(student, email, order, replaces_code=replaces_code, by=by)
