"""Cancelling a job that is under way."""

from typing import Any

from flask import Blueprint, request, url_for

from portal.forms.form import Form
from portal.models import Job
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("job_cancellations", __name__)


@bp.route("/jobs/<job_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Job)
def create(job: Job) -> Any:
    page = url_for("jobs.show", job_id=job.public_id)
    if job.ended_at:
        return htmx.go_to(page)
    if request.method == "GET":
        return htmx.render("job_cancellations/create.html", "cancel", job=job, form=Form())
    if not job.ask_to_cancel():
        htmx.tell(_("It was over before it could be cancelled."))
    return htmx.go_to(page)
