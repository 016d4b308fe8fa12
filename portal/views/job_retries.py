"""Trying again what came to nothing, or what was thrown away after its hour."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import htmx
from portal.db import Refused
from portal.guard import requires
from portal.models import Job
from portal.permissions import Permission

bp = Blueprint("job_retries", __name__)


@bp.post("/jobs/<job_id>/retry")
@requires(Permission.MANAGE_CODES, on=Job)
def create(job: Job) -> Any:
    try:
        job = job.retry(by=g.account)
    except Refused as refusal:
        htmx.tell(str(refusal))
    return htmx.go_to(url_for("jobs.show", job_id=job.public_id))
