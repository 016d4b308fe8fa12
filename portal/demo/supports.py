"""Supports and point people of the three schools, and the nine students of Priya, each there for a reason."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from portal import clock, db
from portal.demo.cast import Cast
from portal.demo.district import ZONE
from portal.models import Enrolment, Membership, PointKind, School, Staff, Student, Support
from portal.models.supports.adding import Days, place
from portal.models.supports.assigning import appoint
from portal.models.supports.support import SupportCategory, Terms
from portal.policy.permissions import AccessLevel


class Plan(NamedTuple):
    """A support; the lead is one of the cast, or somebody of that title. Days count from today."""

    name: str
    school: str
    category: SupportCategory
    lead: str
    begins: int
    ends: int | None
    criteria: str
    #: Which students: those of that grade, or names of the cast.
    who: int | tuple[str, ...]


ATTENDANCE, ACADEMIC, POSTSECONDARY, OTHER = SupportCategory

PLANS = (
    Plan("Reading corner", "lincoln", ACADEMIC, "priya", -60, 120,
         "Below grade level in the autumn reading check; leaves when two checks in a row are met.", ("noah", "lucia")),
    Plan("Morning check-in", "lincoln", ATTENDANCE, "Counselor", -45, None,
         "Ten or more days missed last year, or three in a month.", 4),
    Plan("Breakfast club", "lincoln", OTHER, "otto", -80, 130, "By request of the family.", 1),
    Plan("Spring math camp", "lincoln", ACADEMIC, "Attendance Clerk", 60, 95, "Named by the homeroom teacher.", 5),
    Plan("Check-in with Ms. Sokolova", "riverside", ATTENDANCE, "petra", -30, 100,
         "Late three times or more in two weeks.", ("tomas",)),
    Plan("Homework help", "riverside", ACADEMIC, "sam", -50, None, "Two or more missing assignments a week.", 6),
    Plan("High school visits", "riverside", POSTSECONDARY, "Counselor", -10, 60, "All of grade 8 who asked.", 8),
    Plan("College visits", "jefferson", POSTSECONDARY, "College Counselor", -40, 150,
         "First in the family to go to college.", 11),
    Plan("Regents preparation", "jefferson", ACADEMIC, "Dean of Students", -20, 90,
         "One more exam needed to graduate on time.", 12),
    Plan("Ninth grade attendance team", "jefferson", ATTENDANCE, "School Secretary", -55, None,
         "Attendance below 90 % in the first month.", 9),
)  # fmt: skip

#: Two that nobody leads any more, because the lead lost access; and one that is over.
LEFT_BEHIND = (
    Plan("Library lunch", "lincoln", OTHER, "nils", -100, None, "Anyone who likes a quiet lunch.", ("mia",)),
    Plan(
        "Work permits",
        "jefferson",
        POSTSECONDARY,
        "Former Clerk",
        -90,
        None,
        "Sixteen, with a job offer.",
        10,
    ),
)
OVER = Plan("Summer bridge", "lincoln", ACADEMIC, "Attendance Clerk", -130, None, "New to the school.", 3)

#: Of a whole grade, every so-manieth student.
ONE_IN = 6

PRIYAS_OWN, PRIYAS_SIZE = ("emil", "noah"), 9


def support_students(cast: Cast) -> None:
    """Everything above, through the verbs that the pages use."""
    for plan in PLANS:
        _begin(cast, plan)
    for plan in LEFT_BEHIND:
        _begin_under_somebody_who_left(cast, plan)
    if over := _begin(cast, OVER):
        over.end(by=cast.otto)
    _appoint(cast)
    _fill_the_resource_room(cast)


def _begin(cast: Cast, plan: Plan) -> Support | None:
    """None where there is no such lead: without the crowd."""
    school: School = getattr(cast, plan.school)
    lead, office = _person(cast, school, plan.lead), _office(cast, plan.school)
    if lead is None:
        return None
    last_day = None if plan.ends is None else _day(plan.ends)
    terms = Terms(plan.name, plan.category, lead, _day(plan.begins), last_day, plan.criteria)
    support = Support.create(school, terms, by=office)
    if plan.lead == "priya":
        cast.join("reading_corner", support)
    place(_students(cast, school, plan.who), support, by=office, days=Days(first=terms.first_day))
    return support


def _begin_under_somebody_who_left(cast: Cast, plan: Plan) -> None:
    """They had access when it began."""
    school: School = getattr(cast, plan.school)
    if lead := _person(cast, school, plan.lead):
        level = db.session.scalars(select(Membership).filter_by(staff_id=lead.id, school_id=school.id)).one()
        now, level.level = level.level, AccessLevel.SCHOOL_WIDE_EDITOR.value
        db.session.flush()
        _begin(cast, plan)
        few = _students(cast, school, plan.who)
        appoint(few, PointKind.CREDITS, lead, by=_office(cast, plan.school))
        level.level = now
        db.session.flush()


def _appoint(cast: Cast) -> None:
    """Priya for two, the office for 2A; at Jefferson the dean for the upper grades, some for nobody."""
    priyas = Student.id.in_([cast.ines.id, cast.mia.id])
    appoint(priyas, PointKind.ACADEMIC, cast.priya, by=cast.otto)
    appoint(Student.homeroom_id == cast.class_2a.id, PointKind.ATTENDANCE, cast.otto, by=cast.hana)
    if dean := _person(cast, cast.jefferson, "Dean of Students"):
        upper = (Student.school_id == cast.jefferson.id) & (Student.grade >= 11) & (Student.id % 9 != 0)
        for kind in (PointKind.REGENTS, PointKind.POSTSECONDARY):
            appoint(upper, kind, dean, by=cast.joan)
    if secretary := _person(cast, cast.jefferson, "School Secretary"):
        everybody = (Student.school_id == cast.jefferson.id) & (Student.id % 4 != 0)
        appoint(everybody, PointKind.ATTENDANCE, secretary, by=cast.joan)


def _fill_the_resource_room(cast: Cast) -> None:
    """Two of the cast, and of the crowd as many as make nine on Priya's caseload, two of them to read with her."""
    theirs = [getattr(cast, name) for name in PRIYAS_OWN]
    third_grade = select(Student).where(Student.school_id == cast.lincoln.id, Student.grade == 3)
    others = list(db.session.scalars(third_grade.order_by(Student.id).limit(PRIYAS_SIZE - 5)))
    for student in theirs + others[:2]:
        db.session.add(Enrolment(student_id=student.id, class_id=cast.resource_room.id))
    readers = Student.id.in_([student.id for student in others[1:]])
    place(readers, cast.reading_corner, by=cast.otto)


def _person(cast: Cast, school: School, who: str) -> Staff | None:
    if who.islower():
        return getattr(cast, who)  # type: ignore[no-any-return]
    of_title = select(Staff).join(Membership, Membership.staff_id == Staff.id).where(Staff.title == who)
    return db.session.scalar(of_title.where(Membership.school_id == school.id).limit(1))


def _office(cast: Cast, school: str) -> Staff:
    return {"lincoln": cast.otto, "riverside": cast.sam, "jefferson": cast.joan}[school]  # type: ignore[no-any-return]


def _students(cast: Cast, school: School, who: int | tuple[str, ...]) -> ColumnElement[bool]:
    if isinstance(who, int):
        return (Student.school_id == school.id) & (Student.grade == who) & (Student.id % ONE_IN == 0)
    return Student.id.in_([getattr(cast, name).id for name in who])


def _day(from_today: int) -> date:
    return clock.today(ZONE) + timedelta(days=from_today)
