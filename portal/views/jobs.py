"""Jobs of the worker: watching, cancelling, retrying, fetching what came out."""

from flask import current_app, g, request, url_for

from portal import db
from portal.db import Refused
from portal.forms.base import Form, ReauthenticationForm
from portal.models import EventKind, Job
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import jobs as bp
from portal.web import downloads, htmx
from portal.web.current_school import stay_in_school
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.worker import jobs, runs
from portal.worker.folders import JobFolder

#: As many earlier jobs as the list shows.
SHOWN = 50


@bp.get("/jobs")
@requires(Permission.MANAGE_CODES)
def index() -> str:
    """List one's own jobs."""
    stay_in_school(Permission.MANAGE_CODES)
    return htmx.render("jobs/index.html", jobs=Job.latest_of(g.account, SHOWN))


@bp.get("/jobs/<job_id>")
@requires(Permission.MANAGE_CODES, on=Job)
def show(job: Job) -> str:
    """Show how far a job is, and what came out of it."""
    return _render(job, ReauthenticationForm())


@bp.route("/jobs/<job_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Job)
def cancel(job: Job) -> Answer:
    """Say what cancelling means, and cancel the job."""
    page = url_for("jobs.show", job_id=job.public_id)
    if not job.is_current():
        return htmx.redirect(page)
    if request.method == "GET":
        return htmx.render("jobs/cancel.html", "cancel", job=job, form=Form())
    if not job.ask_to_cancel():
        htmx.flash(_("It was over before it could be cancelled."))
    return htmx.redirect(page)


@bp.get("/jobs/<job_id>/file")
@requires(Permission.MANAGE_CODES, on=Job)
def download(job: Job) -> Answer:
    """Send the file that a job made."""
    path = JobFolder(job.public_id).product
    if not runs.is_available(job, jobs.of(current_app).works) or not path.exists():
        htmx.flash(_("This file is not here any more."))
        return htmx.redirect(url_for("jobs.show", job_id=job.public_id))
    disclose(EventKind.LETTERS_FETCHED, job=job.id)
    return downloads.send(path, job.file_name or path.name)


@bp.post("/jobs/<job_id>/retry")
@requires(Permission.MANAGE_CODES, on=Job, writes_itself=True)
def retry(job: Job) -> Answer:
    """Start a failed or expired job again."""
    form = ReauthenticationForm()
    if form.validate_on_submit() and form.confirm_password():
        return htmx.redirect(url_for("jobs.show", job_id=_retry(job).public_id))
    return _render(job, form), form.status, form.headers


def _render(job: Job, form: ReauthenticationForm) -> str:
    return htmx.render("jobs/show.html", "status", job=job, folder=JobFolder(job.public_id), form=form)


def _retry(job: Job) -> Job:
    """Start the job again, and return the new one. If the rules refuse, say why and return this one."""
    try:
        return db.retrying(lambda: job.retry(by=g.account))
    except Refused as refusal:
        htmx.flash(str(refusal))
        return job
