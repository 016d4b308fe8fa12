"""What guardians and staff see of a child's attendance."""

from datetime import date, timedelta

import pytest

from portal import db
from portal.models import AttendanceDay, AttendanceStatus
from portal.models.students.attendance import count_anew

TODAY = date(2026, 11, 16)


@pytest.fixture
def register(now):
    """Note days of a student: what was on the day before today, the one before that, and so on."""

    def note(student, *statuses, minutes_late=None, reason=None):
        with db.writing():
            db.session.add_all(
                AttendanceDay(
                    student_id=student.id,
                    day=TODAY - timedelta(days=back),
                    status=AttendanceStatus(status).value,
                    minutes_late=minutes_late if status == "late" else None,
                    reason=reason,
                )
                for back, status in enumerate(statuses, 1)
            )
            db.session.flush()
            count_anew([student.id])

    return note


def child(as_, person, student):
    return as_(person).get(f"/family/students/{student.public_id}").text


def test_guardians_see_the_counts_and_the_last_days(cast, as_, register):
    register(cast.mia, "present", "absent", "excused", "late", "present", minutes_late=12)

    page = child(as_, cast.grace, cast.mia)

    assert "Attendance" in page
    assert "2 days" in page
    assert "1 excused" in page
    assert "12 minutes late" in page
    assert "Nov 14, 2026" in page
    assert "Nov 15, 2026" not in page


def test_reasons_are_for_staff(cast, as_, register):
    register(cast.mia, "excused", reason="Court hearing")

    assert "Court hearing" not in child(as_, cast.grace, cast.mia)
    assert "Court hearing" in as_(cast.ada).get(f"/students/{cast.mia.public_id}").text


def test_nothing_is_said_where_nothing_was_imported(cast, as_, now):
    assert "Attendance" not in child(as_, cast.grace, cast.mia)
    assert "Days recorded" not in as_(cast.ada).get(f"/students/{cast.mia.public_id}").text


def test_another_childs_days_are_not_mixed_in(cast, as_, register):
    register(cast.noah, "absent", "absent", "absent")
    register(cast.mia, "present", "late")

    page = child(as_, cast.grace, cast.mia)

    assert "3 days" not in page
    assert page.count("Absent</span>") == 0


def test_last_years_days_are_not_this_years(cast, as_, register, now):
    register(cast.mia, *["present"] * 90, "absent")

    assert "Attendance" in child(as_, cast.grace, cast.mia)
    assert "Aug 17" not in child(as_, cast.grace, cast.mia)


def test_a_school_may_keep_attendance_to_itself(cast, as_, register):
    register(cast.mia, "absent")
    with db.writing():
        cast.lincoln.show_only(["profile", "school"], by=cast.hana)

    page = child(as_, cast.grace, cast.mia)

    assert "Attendance" not in page
    assert "Homeroom" not in page
    assert "Profile" in page


def test_it_speaks_spanish(cast, as_, register):
    register(cast.ines, "late", "excused", minutes_late=1)
    with db.writing():
        cast.rosa.language = "es"

    page = child(as_, cast.rosa, cast.ines)

    assert "Asistencia" in page
    assert "1 minuto tarde" in page
    assert "1 justificado" in page
