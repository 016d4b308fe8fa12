"""Trying again what came to nothing, or what was thrown away after its hour: with the password, as the first time."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.db import Refused
from portal.forms.sure import SureForm
from portal.models import Job
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.guard import requires
from portal.worker.job_folder import JobBench

bp = Blueprint("job_retries", __name__)


@bp.post("/jobs/<job_id>/retry")
@requires(Permission.MANAGE_CODES, on=Job, writes_itself=True)
def create(job: Job) -> Any:
    form = SureForm()
    if form.validate_on_submit() and form.is_sure():
        return htmx.go_to(url_for("jobs.show", job_id=_again(job).public_id))
    words = {"job": job, "bench": JobBench(job.public_id), "form": form}
    return htmx.render("jobs/show.html", "status", **words), form.status, form.headers


def _again(job: Job) -> Job:
    """The new job; the one there is, with a word about it, when the rules say no."""
    try:
        return db.retrying(lambda: job.retry(by=g.account))
    except Refused as refusal:
        htmx.tell(str(refusal))
        return job
