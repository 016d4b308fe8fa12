"""Work the worker does for somebody, watched: what runs, what is ready, what went wrong."""

from flask import Blueprint, g

from portal.forms.sure import SureForm
from portal.models import Job
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import stay_in_school
from portal.web.guard import requires
from portal.worker.job_folder import JobBench

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

#: As many earlier jobs as the list shows.
SHOWN = 50


@bp.get("")
@requires(Permission.MANAGE_CODES)
def index() -> str:
    stay_in_school(Permission.MANAGE_CODES)
    return htmx.render("jobs/index.html", jobs=Job.latest_of(g.account, SHOWN))


@bp.get("/<job_id>")
@requires(Permission.MANAGE_CODES, on=Job)
def show(job: Job) -> str:
    words = {"job": job, "bench": JobBench(job.public_id), "form": SureForm()}
    return htmx.render("jobs/show.html", "status", **words)
