"""Putting students into a support, one or many at once."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, insert, select, update
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.rows import Done, new_public_id
from portal.models.students.student import Student
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


class Days(NamedTuple):
    """From when until when students are in a support; without a first day, from today."""

    first: date | None = None
    last: date | None = None


def place(students: ColumnElement[bool], support: Support, *, by: Account, days: Days | None = None) -> Done:
    """Put these students into the support. Whoever leads it sees them while it runs.

    `students` is a criterion on Student that lies within `by`'s reach already; students of other schools and those
    who left are left out. Raises Refused when it would widen what `by` sees, when the support is over, or
    when the days contradict each other.
    """
    today = clock.today(support.school.time_zone)
    first_day, last_day = (days.first or today, days.last) if days else (today, None)
    _check(support, first_day, last_day, by)
    Student.lock_all(students)
    found = db.session.execute(_standing(students, support)).all()
    added = [row for row in found if row.place_id is None or (row.last_day and row.last_day < today)]
    _end_lapsed([row.place_id for row in added if row.place_id], by)
    common = {"support_id": support.id, "first_day": first_day, "last_day": last_day, "added_by_id": by.id}
    if added:
        new = [
            common | {"student_id": row.id, "added_at": clock.now(), "public_id": new_public_id()}
            for row in added
        ]
        db.session.execute(insert(SupportStudent), new)
    words = ({"student_id": row.id, "about_id": support.lead_id, "support": support.id} for row in added)
    Event.record_all(EventKind.ADDED_TO_SUPPORT, words, by=by)
    return Done(len(added), len(found) - len(added))


def _check(support: Support, first_day: date, last_day: date | None, by: Account) -> None:
    if not by.may(Permission.CREATE_SUPPORT, on=support):
        raise Refused(
            _(
                "Whoever is in a support is seen by its lead. Ask someone who may create supports to add students."
            )
        )
    if support.state == "ended":
        raise Refused(_("This support has ended. Students are added to supports that run or are to begin."))
    if last_day and last_day < first_day:
        raise Refused(_("The last day comes before the first one."))


def _standing(students: ColumnElement[bool], support: Support) -> Select[int, int, date | None]:
    """Who is in it already. Read once the students are held, so that two who add at once do not add twice."""
    is_in = and_(
        SupportStudent.student_id == Student.id,
        SupportStudent.support_id == support.id,
        SupportStudent.is_open(),
    )
    return (
        select(Student.id, SupportStudent.id.label("place_id"), SupportStudent.last_day)
        .outerjoin(SupportStudent, is_in)
        .where(students, Student.school_id == support.school_id, Student.is_enrolled())
        .order_by(Student.id)
    )


def _end_lapsed(place_ids: list[int], by: Account) -> None:
    """Their last day is over: they make room for the same student anew."""
    ending = {"ended_at": clock.now(), "ended_by_id": by.id}
    if place_ids:
        db.session.execute(update(SupportStudent), [{"id": each} | ending for each in place_ids])
