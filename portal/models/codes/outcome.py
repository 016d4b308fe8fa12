"""What becomes of a student when something is done for many: the rules, in SQL."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from portal.models.codes.family_status import has_working_code
from portal.models.mail.contacts import has_address, has_fresh_address
from portal.models.schools.school import SchoolYear
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.policy.reach import Asker


class Act(StrEnum):
    """What can be done for many students at once."""

    ENABLE = "enable"
    RESET = "reset"
    EXPORT = "export"
    LETTERS = "letters"
    EMAIL = "email"


class Outcome(StrEnum):
    """What became of one of them; all but the first mean that nothing was done."""

    DONE = "done"
    HAD_CODE = "had_code"
    NO_CODE = "no_code"
    NO_ADDRESS = "no_address"
    ON_ITS_WAY = "on_its_way"
    NO_YEAR = "no_year"
    LEFT = "left"
    OUT_OF_REACH = "out_of_reach"
    #: Something else happened to this student at the same moment.
    CHANGED = "changed"


def outcome_of(act: Act, *, by: Asker, at: datetime) -> ColumnElement[Any]:
    """The outcome of each student, by the same rules as for one alone; the first reason counts."""
    works = has_working_code(at)
    match act:
        case Act.ENABLE:
            own = [(works, Outcome.HAD_CODE.value), (~open_year(at).exists(), Outcome.NO_YEAR.value)]
        case Act.EMAIL:
            own = [
                (~works, Outcome.NO_CODE.value),
                (~has_address(), Outcome.NO_ADDRESS.value),
                (~has_fresh_address(), Outcome.ON_ITS_WAY.value),
            ]
        case _needs_code:
            own = [(~works, Outcome.NO_CODE.value)]
    return case(
        (~Student.reachable(by, Permission.MANAGE_CODES), Outcome.OUT_OF_REACH.value),
        (~Student.is_enrolled(), Outcome.LEFT.value),
        *own,
        else_=Outcome.DONE.value,
    )


def open_year(at: datetime) -> Select[Any]:
    """The school year that codes of a student are made for at that moment: the first one not over."""
    open_years = select(SchoolYear.year).where(
        SchoolYear.school_id == Student.school_id, SchoolYear.is_open_at(at)
    )
    return open_years.order_by(SchoolYear.ends_at).limit(1).correlate(Student)
