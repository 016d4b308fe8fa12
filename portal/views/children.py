"""What a guardian sees of one child."""

from flask import Blueprint, g

from portal.models import EventKind, Student
from portal.models.schools.school import FamilySection
from portal.models.students.attendance_record import attendance_of
from portal.models.students.timetable import homeroom_and_courses
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("children", __name__)


@bp.get("/family/students/<student_id>")
@requires(Permission.VIEW_CHILD, on=Student)
def show(student: Student) -> str:
    children = Student.children_of(g.account)
    homeroom, courses = homeroom_and_courses(student)
    attendance = attendance_of(student) if student.school.shows(FamilySection.ATTENDANCE) else None
    disclose(EventKind.CHILD_VIEWED, student)
    words = {"homeroom": homeroom, "courses": courses, "attendance": attendance}
    return htmx.render("children/show.html", student=student, children=children, **words)
