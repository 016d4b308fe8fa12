"""The figures of a school are those one gets by counting its students one after the other."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from portal import clock, db
from portal.models import AttendanceDay, PointPerson, Student
from portal.models.figures.dashboard import all_of, duties_at, groups_of
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.revocation import revoke
from portal.models.students.attendance import count_anew
from portal.models.supports.point_person import PointKind
from portal.models.supports.support import Support, SupportCategory, Terms
from portal.models.supports.support_student import SupportStudent
from tests import rows
from tests.statements import counted


@pytest.fixture
def town(app, now):
    """Lincoln with twenty students in every state there is, and Riverside, which is not counted."""
    school, elsewhere = rows.school(), rows.school("Riverside")
    office, other = rows.staff(school), rows.staff(elsewhere, name="Sam Elsewhere")
    guardians = [rows.guardian(f"Guardian{number} Tran") for number in range(3)]
    for number in range(20):
        student = rows.student(school, f"Child{number:02} Tran")
        _settle(student, number, office, guardians)
    _settle(rows.student(elsewhere, "Away Tran"), 9, other, guardians)
    return school


def _settle(student, number, office, guardians):
    with db.writing():
        student.grade = None if number == 7 else number % 4
        student.left_at = clock.now() if number == 11 else None
    if number % 2 and number != 11:
        rows.enabled(student, office)
        for guardian in guardians[: number % 3]:
            rows.paired(guardian, db.session.get(Student, student.id))
    with db.writing():
        _attend(student, number)
        if number % 5 == 0:
            _appoint(student, office)


def _attend(student, number):
    for back in range(1, 13 if number % 3 else 1):
        day, status = date(2026, 11, 16) - timedelta(days=back), "absent" if back <= number % 4 else "present"
        db.session.add(AttendanceDay(student_id=student.id, day=day, status=status))
    db.session.flush()
    count_anew([student.id])


def _appoint(student, staff):
    facts = {"student_id": student.id, "school_id": student.school_id, "staff_id": staff.id}
    db.session.add(PointPerson(kind=PointKind.ACADEMIC.value, appointed_by_id=staff.id, **facts))


def by_hand(school, key):
    """The same figures, student by student."""
    found = defaultdict(Counter)
    for student in db.session.query(Student).filter_by(school_id=school.id, left_at=None):
        guardians = len(student.live_pairings)
        days = [day.status for day in db.session.query(AttendanceDay).filter_by(student_id=student.id)]
        found[key(student)] += Counter(
            students=1,
            enabled=bool(guardians or (student.code and student.code.works_at(clock.now()))),
            one=guardians >= 1,
            two=guardians >= 2,
            days=len(days),
            present=days.count("present"),
            chronic=len(days) >= 10 and days.count("absent") * 10 >= len(days),
        )
    return dict(found)


def as_counters(groups):
    names = ("students", "enabled", "one", "two", "days", "present", "chronic")
    return {group.key: Counter({name: getattr(group, name) for name in names}) for group in groups}


def point_person_of(student):
    row = db.session.query(PointPerson).filter_by(student_id=student.id, ended_at=None).one_or_none()
    return row.staff.public_id if row else None


@pytest.mark.parametrize(
    ("grouping", "key"),
    [
        ("grade", lambda student: student.grade),
        ("homeroom", lambda student: None),
        ("academic", point_person_of),
        ("regents", lambda student: None),
    ],
)
def test_groups_equal_a_count_by_hand(town, grouping, key):
    groups = groups_of(town, grouping)

    assert as_counters(groups) == by_hand(town, key)


def test_all_of_them_are_the_whole_school_however_they_are_grouped(town):
    whole = as_counters([all_of(groups_of(town, "grade"))])[None]

    assert whole == by_hand(town, lambda student: None)[None]
    assert all_of(groups_of(town, "academic")) == all_of(groups_of(town, "grade"))


def test_those_without_a_group_come_last(town):
    assert [group.key for group in groups_of(town, "grade")] == [0, 1, 2, 3, None]
    assert [group.label for group in groups_of(town, "academic")] == ["Otto Office", None]


def test_a_school_without_students_has_no_groups(app):
    school = rows.school()

    assert groups_of(school, "grade") == []
    assert all_of([]).students == 0


def test_a_code_that_expired_enables_nobody_but_who_is_connected_stays_so(town, now):
    before = all_of(groups_of(town, "grade"))

    now.move_to(rows.MORNING + timedelta(days=300))
    after = all_of(groups_of(town, "grade"))

    assert before.enabled > before.one == after.one == after.enabled


def test_a_revoked_guardian_does_not_count(cast):
    before = all_of(groups_of(cast.lincoln, "grade"))
    pairing = next(pairing for pairing in cast.mia.live_pairings if pairing.guardian is cast.grace)

    with db.writing():
        revoke([pairing], by=cast.otto, reason=RevocationReason.MISTAKE, note=None)

    after = all_of(groups_of(cast.lincoln, "grade"))
    assert (after.one + after.two) - (before.one + before.two) == -1


def test_running_supports_and_who_is_in_them(cast):
    today, supported = clock.today(cast.lincoln.time_zone), supported_in(cast, "2A")
    before = duties_at(cast.lincoln).supports
    newcomers = [rows.student(cast.lincoln, name, homeroom_id=cast.class_2a.id) for name in ("Ann", "Bea")]
    with db.writing():
        for first, last in ((today, None), (today - timedelta(days=9), today - timedelta(days=1))):
            terms = Terms("Reading", SupportCategory.ACADEMIC, cast.ada, first, last)
            support = Support.create(cast.lincoln, terms, by=cast.otto)
            facts = {"support_id": support.id, "first_day": first, "added_by_id": cast.otto.id}
            db.session.add(SupportStudent(student_id=newcomers[bool(last)].id, **facts))

    assert duties_at(cast.lincoln).supports == before + 1
    assert supported_in(cast, "2A") == supported + 1


def supported_in(cast, homeroom):
    return next(group.supported for group in groups_of(cast.lincoln, "homeroom") if group.key == homeroom)


def test_staff_without_a_second_factor(cast):
    before = duties_at(cast.lincoln)
    with db.writing():
        cast.ada.totp_sealed = b"sealed"
        cast.carl.closed_at = clock.now()

    duties = duties_at(cast.lincoln)

    # Carl is blocked; Ada has one now. Nils, who may not sign in, was never counted.
    assert (duties.staff, duties.without_second_factor) == (
        before.staff - 1,
        before.without_second_factor - 2,
    )


def test_it_is_one_statement_each(town):
    db.session.refresh(town)

    with counted() as statements:
        groups_of(town, "academic")
        duties_at(town)

    assert len(statements) == 2
