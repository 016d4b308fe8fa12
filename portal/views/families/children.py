"""A guardian's children: all of them, one of them, and taking one off the account."""

from flask import g, url_for

from portal import db
from portal.forms.base import Form
from portal.models import EventKind, Pairing, Student
from portal.models.guardians.children import children_of
from portal.models.guardians.revocation import leave
from portal.models.schools.school import FamilySection
from portal.models.students.attendance_record import attendance_of
from portal.models.students.timetable import homeroom_and_courses
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import families as bp
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/family")
@requires(Permission.VIEW_CHILD)
def index() -> Answer:
    """List the children of this guardian."""
    return htmx.render("families/index.html", children=children_of(g.account))


@bp.get("/family/students/<student_id>")
@requires(Permission.VIEW_CHILD, on=Student)
def show_child(student: Student) -> Answer:
    """Show one child: profile, classes and teachers, attendance."""
    children = children_of(g.account)
    homeroom, courses = homeroom_and_courses(student)
    attendance = attendance_of(student) if student.school.shows(FamilySection.ATTENDANCE) else None
    disclose(EventKind.CHILD_VIEWED, student)
    context = {"homeroom": homeroom, "courses": courses, "attendance": attendance}
    return htmx.render("families/show_child.html", student=student, children=children, **context)


@bp.route("/family/students/<student_id>/removal", methods=["GET", "POST"])
@requires(Permission.LEAVE_CHILD, on=Student)
def remove_child(student: Student) -> Answer:
    """Say what it means, and take the child off one's own account."""
    form = Form()
    if form.validate_on_submit():
        own = Pairing.visible_to(g.account, Permission.LEAVE_CHILD)
        leave(db.session.scalars(own.filter_by(student_id=student.id)).one(), by=g.account)
        htmx.flash(_("%(name)s is no longer in your account.", name=student.name))
        return htmx.redirect(url_for("families.index"))
    return htmx.render("families/remove_child.html", form=form, student=student), form.status
