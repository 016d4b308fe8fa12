"""Add students to a support: found by name, or all that were chosen on a list (rule B11)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, func, insert, not_, select, update
from sqlalchemy.orm import lazyload
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.rows import Done, fold, new_public_id
from portal.models.schools.school import School
from portal.models.students.selection import Selection, Snapshot
from portal.models.students.student import Student
from portal.models.supports.support import Support, SupportState
from portal.models.supports.support_student import SupportStudent
from portal.policy.permissions import Permission
from portal.text.language import gettext as _

#: The greatest number of students that a search offers.
MOST_TO_ADD = 50


class Days(NamedTuple):
    """The first and last day of students in a support. Without a first day it is today; without a last, open."""

    first: date | None = None
    last: date | None = None


def add_to_support(
    students: ColumnElement[bool], support: Support, *, by: Account, days: Days | None = None
) -> Done:
    """Add these students to the support, so that its lead sees them while it runs.

    `students` is a criterion on Student that is within `by`'s reach already; students of other schools and those who
    left are left out. Returns how many were added and how many were in it already. Raises Refused when `by` may not
    create supports, when the support is over, or when the last day is before the first.
    """
    today = clock.today(support.school.time_zone)
    first_day, last_day = (days.first or today, days.last) if days else (today, None)
    _check(support, first_day, last_day, by)
    Student.lock_all(students)
    found = db.session.execute(_current(students, support)).all()
    added = [row for row in found if row.row_id is None or (row.last_day and row.last_day < today)]
    _end_rows([row.row_id for row in added if row.row_id], by)
    common = {"support_id": support.id, "first_day": first_day, "last_day": last_day, "added_by_id": by.id}
    if added:
        new = [
            common | {"student_id": row.id, "added_at": clock.now(), "public_id": new_public_id()}
            for row in added
        ]
        db.session.execute(insert(SupportStudent), new)
    events = ({"student_id": row.id, "about_id": support.lead_id, "support": support.id} for row in added)
    Event.record_all(EventKind.ADDED_TO_SUPPORT, events, by=by)
    return Done(len(added), len(found) - len(added))


def students_to_add(support: Support, words: str, *, by: Account) -> Sequence[Student]:
    """Return at most MOST_TO_ADD students of the school, by name, who are not in the support and match all `words`.

    They are within `by`'s reach for editing. Without words, return none.
    """
    looked_for = fold(words).split()
    if not looked_for:
        return []
    is_in = select(SupportStudent.student_id).where(
        SupportStudent.support_id == support.id, SupportStudent.is_in_force_at(Support.school_id)
    )
    found = (
        select(Student)
        .options(lazyload(Student.code))
        .where(
            Student.school_id == support.school_id,
            Student.is_enrolled(),
            Student.reachable(by, Permission.EDIT_STUDENT),
            Student.id.not_in(is_in.join(Support, Support.id == SupportStudent.support_id)),
            *(Student.search_key.contains(word, autoescape=True) for word in looked_for),
        )
    )
    return db.session.scalars(found.order_by(Student.sort_key, Student.id).limit(MOST_TO_ADD)).all()


class AddingPlan(NamedTuple):
    """The students chosen on a list, and how many of them are enrolled, since only these can be added."""

    seen: Snapshot
    enrolled: int

    @property
    def left_out(self) -> int:
        """How many of the chosen students have left."""
        return self.seen.students - self.enrolled


def plan_adding(selection: Selection, *, by: Account) -> AddingPlan:
    """Count the chosen students. Raises OutOfReach and Refused as `Selection.count`."""
    seen = selection.snapshot(by, Permission.EDIT_STUDENT)
    are_chosen = selection.criterion(by, Permission.EDIT_STUDENT)
    enrolled = select(func.count()).where(are_chosen, Student.is_enrolled())
    return AddingPlan(seen, db.session.scalars(enrolled).one())


def open_supports(school: School) -> Sequence[Support]:
    """Return the supports of the school that run or are planned, by name."""
    still_open = select(Support).where(Support.school_id == school.id, not_(Support.is_over()))
    return db.session.scalars(still_open.order_by(Support.name, Support.id)).all()


def add_selection(selection: Selection, support: Support, *, days: Days, seen: Snapshot, by: Account) -> Done:
    """Add all chosen students to the support (decision 18).

    Raises Refused when the selection finds other students than in the snapshot `seen`, and as `add_to_support`.
    """
    selection.refuse_if_changed(seen, by, Permission.EDIT_STUDENT)
    return add_to_support(selection.criterion(by, Permission.EDIT_STUDENT), support, by=by, days=days)


def _check(support: Support, first_day: date, last_day: date | None, by: Account) -> None:
    if not by.may(Permission.CREATE_SUPPORT, on=support):
        raise Refused(
            _(
                "Whoever is in a support is seen by its lead. Ask someone who may create supports to add students."
            )
        )
    if support.state is SupportState.ENDED:
        raise Refused(_("This support has ended. Students are added to supports that run or are to begin."))
    if last_day and last_day < first_day:
        raise Refused(_("The last day comes before the first one."))


def _current(students: ColumnElement[bool], support: Support) -> Select[int, int, date | None]:
    """Select each student with the open row in this support, if any.

    It is executed after the students are locked, so that of two who add at once the second sees the first one's rows.
    """
    is_in = and_(
        SupportStudent.student_id == Student.id,
        SupportStudent.support_id == support.id,
        SupportStudent.is_open(),
    )
    return (
        select(Student.id, SupportStudent.id.label("row_id"), SupportStudent.last_day)
        .outerjoin(SupportStudent, is_in)
        .where(students, Student.school_id == support.school_id, Student.is_enrolled())
        .order_by(Student.id)
    )


def _end_rows(row_ids: list[int], by: Account) -> None:
    """End rows whose last day is over, because a student has at most one open row in a support."""
    ending = {"ended_at": clock.now(), "ended_by_id": by.id}
    if row_ids:
        db.session.execute(update(SupportStudent), [{"id": each} | ending for each in row_ids])
