"""Add up the counts of schools for a network, in the same way for stored totals and for computed ones."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import join
from sqlalchemy.sql.selectable import FromClause

from portal.models.figures.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.models.figures.small_numbers import STUDENT_MEASURES, shown_columns, sum_columns
from portal.models.schools.school import School
from portal.models.users.membership_count import StaffCount

STAFF = tuple(column for column in StaffCount.columns if not column.primary_key)


def counted_schools(band: GradeBand) -> FromClause:
    """Join each school with its totals of that band, which are NULL where nobody was counted."""
    of_band = and_(SchoolTotals.school_id == School.id, SchoolTotals.band == band.value)
    counted: Any = join(School, SchoolTotals, of_band, isouter=True)
    counted = counted.outerjoin(SchoolCount, SchoolCount.school_id == School.id)
    tables: FromClause = counted.outerjoin(StaffCount, StaffCount.c.school_id == School.id)
    return tables


def select_sums(
    band: GradeBand, schools: ColumnElement[bool], *, suppresses: bool
) -> Select[*tuple[Any, ...]]:
    """Select the sums of the numbers that may be shown, the number of schools, and the time of the oldest count."""
    totals = sum_columns(shown_columns(SchoolTotals, suppresses=suppresses))
    measures = zip(STUDENT_MEASURES, totals, strict=True)
    return (
        select(
            *(total.label(name) for name, total in measures),
            func.coalesce(func.sum(SchoolCount.supports_running), 0).label("supports"),
            *(func.coalesce(func.sum(column), 0).label(column.name) for column in STAFF),
            func.count().label("schools"),
            func.min(SchoolCount.counted_at).label("counted_at"),
        )
        .select_from(counted_schools(band))
        .where(is_there(schools))
    )


def is_there(schools: ColumnElement[bool]) -> ColumnElement[bool]:
    """Narrow `schools` to those that the roster still names."""
    return and_(School.is_on_roster(), schools)
