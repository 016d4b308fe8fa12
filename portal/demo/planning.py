"""What Jefferson High plans for its students: in bulk, and with care for one of them."""

from datetime import date

from portal import clock
from portal.demo.cast import Cast
from portal.demo.district import LAST_DAY, ZONE, year_of
from portal.models import Student
from portal.models.students.planning import set_field

LAST_GRADE = 12


def plan_ahead(cast: Cast) -> None:
    """Graduation dates for everybody, diplomas for the two upper grades, and second thoughts about Jamal."""
    at_jefferson = Student.school_id == cast.jefferson.id
    for grade in range(9, LAST_GRADE + 1):
        set_field(
            at_jefferson & (Student.grade == grade), "planned_graduation", _last_day(grade), by=cast.joan
        )
    upper = at_jefferson & (Student.grade >= 11)
    set_field(upper, "diploma_type", "regents", by=cast.joan)
    set_field(upper & (Student.id % 5 == 0), "diploma_type", "advanced_regents", by=cast.joan)
    set_field(upper & (Student.id % 7 == 0), "safety_net", "yes", by=cast.joan)
    jamal = Student.id == cast.jamal.id
    set_field(jamal, "diploma_type", "advanced_regents", by=cast.joan)
    set_field(jamal, "safety_net", "no", by=cast.joan)


def _last_day(grade: int) -> str:
    """Of the year in which a student now in that grade leaves, as text."""
    return date(year_of(clock.today(ZONE)) + LAST_GRADE - grade, *LAST_DAY).isoformat()
