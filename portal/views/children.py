"""What a guardian sees of one child."""

from flask import Blueprint, g
from sqlalchemy.orm import lazyload

from portal import db, htmx
from portal.disclosures import disclose
from portal.guard import requires
from portal.models import EventKind, Student
from portal.models.timetable import homeroom_and_courses
from portal.permissions import Permission

bp = Blueprint("children", __name__)


@bp.get("/family/students/<student_id>")
@requires(Permission.VIEW_CHILD, on=Student)
def show(student: Student) -> str:
    own = Student.visible_to(g.account, Permission.VIEW_CHILD).options(lazyload(Student.code))
    children = db.session.scalars(own.order_by(Student.sort_key, Student.id)).all()
    homeroom, courses = homeroom_and_courses(student)
    disclose(EventKind.CHILD_VIEWED, student)
    return htmx.render(
        "children/show.html", student=student, children=children, homeroom=homeroom, courses=courses
    )
