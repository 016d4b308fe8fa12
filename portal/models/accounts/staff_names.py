"""How members of staff are put in order and found: kept beside their names."""

from typing import Any

from sqlalchemy import event

from portal.models.accounts.account import Staff
from portal.models.rows import fold


def staff_keys(*, given: str, family: str, email: str) -> tuple[str, str]:
    """`sort_key` and `search_key` of a staff account; imports write them in bulk."""
    return fold(f"{family} {given}")[:260], fold(f"{given} {family} {email}")[:500]


@event.listens_for(Staff, "before_insert")
@event.listens_for(Staff, "before_update")
def _set_keys(_mapper: Any, _connection: Any, staff: Staff) -> None:
    staff.sort_key, staff.search_key = staff_keys(
        given=staff.given_name, family=staff.family_name, email=staff.email
    )
