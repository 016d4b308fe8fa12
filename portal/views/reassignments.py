"""Handing over everything somebody was point person for, after they lost the access that it takes."""

from typing import Any

from flask import Blueprint, abort, g, url_for

from portal.db import Refused
from portal.forms.point_people import PointPersonForm
from portal.models import PointKind, School, Staff
from portal.models.supports.assigning import appoint
from portal.models.supports.handover import point_person_at, pointed_at_by
from portal.policy.permissions import Permission
from portal.text.language import ngettext
from portal.views.point_people import KINDS
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("reassignments", __name__)


@bp.route(f"/schools/<school_id>/point-people/<any({KINDS}):kind>/<staff_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, on=School)
def update(school: School, kind: str, staff_id: str) -> Any:
    subject = PointKind(kind)
    staff = point_person_at(school, staff_id, subject) or abort(404)
    form = PointPersonForm.at(school.id)
    if form.validate_on_submit() and _is_handed_over(school, subject, staff, form):
        return htmx.go_to(url_for("caseload_reports.show", school=school.public_id))
    words = {"school": school, "kind": subject, "staff": staff, "form": form}
    return htmx.render("reassignments/update.html", "handover", **words), form.status


def _is_handed_over(school: School, kind: PointKind, staff: Staff, form: PointPersonForm) -> bool:
    try:
        done = appoint(pointed_at_by(staff, school, kind), kind, form.staff.row, by=g.account).changed
    except Refused as refusal:
        form.refuse(refusal, form.staff)
        return False
    htmx.tell(ngettext("%(num)s student has somebody new.", "%(num)s students have somebody new.", done))
    return True
