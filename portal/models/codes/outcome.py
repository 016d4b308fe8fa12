"""The acts that can be done for many students at once, and the SQL rules for the outcome of each student."""

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
    """An act that can be done for many students at once."""

    ENABLE = "enable"
    RESET = "reset"
    EXPORT = "export"
    LETTERS = "letters"
    EMAIL = "email"


class Outcome(StrEnum):
    """The outcome for one student; all but DONE mean that nothing was done."""

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
    """Return the SQL for the outcome of each student, by the same rules as for one alone; the first reason counts."""
    works = has_working_code(at)
    match act:
        case Act.ENABLE:
            reasons = [(works, Outcome.HAD_CODE.value), (~open_year(at).exists(), Outcome.NO_YEAR.value)]
        case Act.EMAIL:
            reasons = [
                (~works, Outcome.NO_CODE.value),
                (~has_address(), Outcome.NO_ADDRESS.value),
                (~has_fresh_address(), Outcome.ON_ITS_WAY.value),
            ]
        case _needs_code:
            reasons = [(~works, Outcome.NO_CODE.value)]
    return case(
        (~Student.reachable(by, Permission.MANAGE_CODES), Outcome.OUT_OF_REACH.value),
        (~Student.is_enrolled(), Outcome.LEFT.value),
        *reasons,
        else_=Outcome.DONE.value,
    )


def open_year(at: datetime) -> Select[Any]:
    """Select the school year for which a student's code is made at that moment: the first that is not over."""
    open_years = select(SchoolYear.year).where(
        SchoolYear.school_id == Student.school_id, SchoolYear.is_open_at(at)
    )
    return open_years.order_by(SchoolYear.ends_at).limit(1).correlate(Student)
