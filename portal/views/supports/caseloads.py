"""My Caseload, and Settings > Caseloads: what leaves caseloads empty, and handing over."""

from flask import abort, g, request, url_for

from portal.forms.students import PointPersonForm
from portal.models import PointKind, School, Staff
from portal.models.rows import Done
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.caseload_reasons import caseload_of, sees_caseload_only
from portal.models.supports.caseload_report import caseload_report
from portal.models.supports.duties import point_person_at, students_of_point_person
from portal.policy.permissions import Permission
from portal.text.language import ngettext
from portal.views.blueprints import caseloads as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires
from portal.web.htmx import Answer

KINDS = ", ".join(PointKind)


@bp.get("/caseload")
@requires(Permission.VIEW_STUDENT)
def show() -> Answer:
    """Show My Caseload, with the reasons for each student."""
    schools, school = school_choice()
    typed = request.args.get("q", "")[:100]
    context = {
        "schools": schools,
        "school": school,
        "typed": typed,
        "lines": caseload_of(g.account, school, typed) if school else [],
        "sees_more": not sees_caseload_only(g.account),
    }
    return htmx.render("caseloads/show.html", "results", **context)


@bp.get("/settings/caseloads")
@requires(Permission.IMPORT_ROSTER)
def report() -> Answer:
    """Show roles that need somebody new, and gaps in the roster that leave caseloads empty."""
    schools, school = school_choice(Permission.IMPORT_ROSTER)
    report = caseload_report(school or abort(404), by=g.account)
    return htmx.render("caseloads/report.html", schools=schools, school=school, report=report)


@bp.route(f"/schools/<school_id>/point-people/<any({KINDS}):kind>/<staff_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=School)
def hand_over(school: School, kind: str, staff_id: str) -> Answer:
    """Hand a former point person's students to somebody else."""
    subject = PointKind(kind)
    staff = point_person_at(school, staff_id, subject) or abort(404)
    form = PointPersonForm.at(school.id)
    if form.validate_on_submit() and (done := _hand_over(school, subject, staff, form)):
        count = done.changed
        htmx.flash(
            ngettext("%(num)s student has somebody new.", "%(num)s students have somebody new.", count)
        )
        return htmx.redirect(url_for("caseloads.report", school=school.public_id))
    context = {"school": school, "kind": subject, "staff": staff, "form": form}
    return htmx.render("caseloads/hand_over.html", "handover", **context), form.status


def _hand_over(school: School, kind: PointKind, staff: Staff, form: PointPersonForm) -> Done | None:
    students = students_of_point_person(staff, school, kind)
    return form.attempt(
        lambda: assign_point_person(students, kind, form.staff.row, by=g.account), at=form.staff
    )
