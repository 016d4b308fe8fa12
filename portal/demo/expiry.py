"""Codes of last year, which have expired by now."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from portal import clock, db
from portal.demo.district import ZONE
from portal.models import AccessCode, SchoolYear, Staff, Student


def let_expire(students: Sequence[Student], *, by: Staff) -> None:
    """Give these students of one school a code of the year before this one.

    It is made while that year's last day still stands as tomorrow, as in a calendar that the next
    import puts right: so the same verb makes it, and no clock is turned back.
    """
    last_year = _last_year(students[0].school_id)
    right_end, last_year.ends_at = last_year.ends_at, clock.now() + timedelta(days=1)
    db.session.flush()
    codes = [AccessCode.enable(student, by=by) for student in students]
    for code in codes:
        code.created_at = clock.end_of(last_year.first_day, ZONE)
    last_year.ends_at = right_end
    db.session.flush()
    for code in codes:
        db.session.expire(code)


def _last_year(school_id: int) -> SchoolYear:
    years = select(SchoolYear).where(SchoolYear.school_id == school_id).order_by(SchoolYear.ends_at)
    return db.session.scalars(years.limit(1)).one()
