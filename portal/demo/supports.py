"""Add supports and point people at the three schools, and the nine students on Priya's caseload."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from portal import clock, db
from portal.demo.cast import Cast
from portal.demo.district import ZONE
from portal.models import Enrolment, Membership, PointKind, School, Staff, Student, Support
from portal.models.supports.adding import Days, add_to_support
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.support import SupportCategory, Terms
from portal.policy.permissions import AccessLevel


class DemoSupport(NamedTuple):
    """A support to be added. `lead` is a name of the cast or a title; `begins` and `ends` are days from today."""

    name: str
    school: str
    category: SupportCategory
    lead: str
    begins: int
    ends: int | None
    criteria: str
    #: A grade, of which one in ONE_IN students is added, or names of the cast.
    who: int | tuple[str, ...]


ATTENDANCE, ACADEMIC, POSTSECONDARY, OTHER = SupportCategory

PLANS = (
    DemoSupport("Reading corner", "lincoln", ACADEMIC, "priya", -60, 120,
         "Below grade level in the autumn reading check; leaves when two checks in a row are met.", ("noah", "lucia")),
    DemoSupport("Morning check-in", "lincoln", ATTENDANCE, "Counselor", -45, None,
         "Ten or more days missed last year, or three in a month.", 4),
    DemoSupport("Breakfast club", "lincoln", OTHER, "otto", -80, 130, "By request of the family.", 1),
    DemoSupport("Spring math camp", "lincoln", ACADEMIC, "Attendance Clerk", 60, 95,
         "Named by the homeroom teacher.", 5),
    DemoSupport("Check-in with Ms. Sokolova", "riverside", ATTENDANCE, "petra", -30, 100,
         "Late three times or more in two weeks.", ("tomas",)),
    DemoSupport("Homework help", "riverside", ACADEMIC, "sam", -50, None, "Two or more missing assignments a week.", 6),
    DemoSupport("High school visits", "riverside", POSTSECONDARY, "Counselor", -10, 60, "All of grade 8 who asked.", 8),
    DemoSupport("College visits", "jefferson", POSTSECONDARY, "College Counselor", -40, 150,
         "First in the family to go to college.", 11),
    DemoSupport("Regents preparation", "jefferson", ACADEMIC, "Dean of Students", -20, 90,
         "One more exam needed to graduate on time.", 12),
    DemoSupport("Ninth grade attendance team", "jefferson", ATTENDANCE, "School Secretary", -55, None,
         "Attendance below 90 % in the first month.", 9),
)  # fmt: skip

#: Supports whose lead has lost access.
LEAD_LOST_ACCESS = (
    DemoSupport(
        "Library lunch", "lincoln", OTHER, "nils", -100, None, "Anyone who likes a quiet lunch.", ("mia",)
    ),
    DemoSupport(
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
ENDED = DemoSupport(
    "Summer bridge", "lincoln", ACADEMIC, "Attendance Clerk", -130, None, "New to the school.", 3
)

#: Of a whole grade, one in so many students is added.
ONE_IN = 6

#: The students of the cast in Priya's resource room.
PRIYAS_HOMEROOM = ("emil", "noah")

#: Her caseload has nine students. Five are of the cast: Emil, Noah, Lucía (her support), Ines and Mia (point person).
PRIYAS_CASELOAD = 9
OF_THE_CAST = 5


def add_supports(cast: Cast) -> None:
    """Add supports and point people by the same functions as the views use."""
    for plan in PLANS:
        _create(cast, plan)
    for plan in LEAD_LOST_ACCESS:
        _create_without_lead(cast, plan)
    if ended := _create(cast, ENDED):
        ended.end(by=cast.otto)
    _assign_point_people(cast)
    _fill_the_resource_room(cast)


def _create(cast: Cast, plan: DemoSupport) -> Support | None:
    """Create the support with its students. Without the crowd some leads do not exist: then return None."""
    school: School = getattr(cast, plan.school)
    lead = _person(cast, school, plan.lead)
    office = _office(cast, plan.school)
    if lead is None:
        return None
    last_day = None if plan.ends is None else _day(plan.ends)
    terms = Terms(plan.name, plan.category, lead, _day(plan.begins), last_day, plan.criteria)
    support = Support.create(school, terms, by=office)
    if plan.lead == "priya":
        cast.join("reading_corner", support)
    add_to_support(_students(cast, school, plan.who), support, by=office, days=Days(first=terms.first_day))
    return support


def _create_without_lead(cast: Cast, plan: DemoSupport) -> None:
    """Create a support and a point person whose staff member has lost access.

    Access is given back while they are made.
    """
    school: School = getattr(cast, plan.school)
    if lead := _person(cast, school, plan.lead):
        membership = db.session.scalars(
            select(Membership).filter_by(staff_id=lead.id, school_id=school.id)
        ).one()
        level_now = membership.level
        membership.level = AccessLevel.SCHOOL_WIDE_EDITOR.value
        db.session.flush()
        _create(cast, plan)
        few = _students(cast, school, plan.who)
        assign_point_person(few, PointKind.CREDITS, lead, by=_office(cast, plan.school))
        membership.level = level_now
        db.session.flush()


def _assign_point_people(cast: Cast) -> None:
    """Assign Priya, the office and, at Jefferson, the dean and the secretary; some students stay without."""
    priyas = Student.id.in_([cast.ines.id, cast.mia.id])
    assign_point_person(priyas, PointKind.ACADEMIC, cast.priya, by=cast.otto)
    assign_point_person(
        Student.homeroom_id == cast.class_2a.id, PointKind.ATTENDANCE, cast.otto, by=cast.hana
    )
    if dean := _person(cast, cast.jefferson, "Dean of Students"):
        upper = (Student.school_id == cast.jefferson.id) & (Student.grade >= 11) & (Student.id % 9 != 0)
        for kind in (PointKind.REGENTS, PointKind.POSTSECONDARY):
            assign_point_person(upper, kind, dean, by=cast.joan)
    if secretary := _person(cast, cast.jefferson, "School Secretary"):
        everybody = (Student.school_id == cast.jefferson.id) & (Student.id % 4 != 0)
        assign_point_person(everybody, PointKind.ATTENDANCE, secretary, by=cast.joan)


def _fill_the_resource_room(cast: Cast) -> None:
    """Enrol students in Priya's homeroom, and add some to her support, until her caseload has nine."""
    theirs = [getattr(cast, name) for name in PRIYAS_HOMEROOM]
    third_grade = select(Student).where(Student.school_id == cast.lincoln.id, Student.grade == 3)
    others = list(db.session.scalars(third_grade.order_by(Student.id).limit(PRIYAS_CASELOAD - OF_THE_CAST)))
    for student in theirs + others[:2]:
        db.session.add(Enrolment(student_id=student.id, class_id=cast.resource_room.id))
    readers = Student.id.in_([student.id for student in others[1:]])
    add_to_support(readers, cast.reading_corner, by=cast.otto)


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
