"""What came out of a job, for whoever asked for it."""

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, send_file, url_for
from werkzeug.wrappers import Response

from portal.models import Event, EventKind, Job
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.disclosures import write_afterwards
from portal.web.guard import requires
from portal.worker import jobs, runs
from portal.worker.job_folder import JobBench

bp = Blueprint("job_files", __name__)


@bp.get("/jobs/<job_id>/file")
@requires(Permission.MANAGE_CODES, on=Job)
def show(job: Job) -> Any:
    path = JobBench(job.public_id).product
    if not runs.is_available(job, jobs.of(current_app).works) or not path.exists():
        htmx.tell(_("This file is not here any more."))
        return htmx.go_to(url_for("jobs.show", job_id=job.public_id))
    job_id = job.id
    write_afterwards(lambda: Event.record(EventKind.LETTERS_FETCHED, by=g.account, job=job_id))
    return _streamed(job, path)


def _streamed(job: Job, path: Path) -> Response:
    answer = send_file(path, as_attachment=True, download_name=job.file_name, conditional=False, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
