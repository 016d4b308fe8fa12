"""How schools are added up to what a network sees of them: one way, for sums that are kept and for all others."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import join
from sqlalchemy.sql.selectable import FromClause

from portal.models.figures.school_totals import GradeBand, SchoolCount, SchoolTotals
from portal.models.figures.small_numbers import STUDENT_MEASURES, added_up, shown
from portal.models.schools.school import School
from portal.models.users.membership_count import StaffCount

STAFF = tuple(column for column in StaffCount.columns if not column.primary_key)


def counted_schools(band: GradeBand) -> FromClause:
    """Each school with its row of that band; what was not counted yet, or has nobody, has none."""
    of_band = and_(SchoolTotals.school_id == School.id, SchoolTotals.band == band.value)
    counted: Any = join(School, SchoolTotals, of_band, isouter=True)
    counted = counted.outerjoin(SchoolCount, SchoolCount.school_id == School.id)
    tables: FromClause = counted.outerjoin(StaffCount, StaffCount.c.school_id == School.id)
    return tables


def sums(band: GradeBand, schools: ColumnElement[bool], *, suppresses: bool) -> Select[*tuple[Any, ...]]:
    """All numbers of these schools, as far as they are shown; how many schools, and since when it is so."""
    measures = zip(STUDENT_MEASURES, added_up(shown(SchoolTotals, suppresses=suppresses)), strict=True)
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
    """Those of `schools` that the roster still names."""
    return and_(School.is_on_roster(), schools)
