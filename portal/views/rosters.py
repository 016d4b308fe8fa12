"""Rosters in the browser: upload, look at what would change, apply."""

from flask import current_app, g, request, url_for
from werkzeug.datastructures import FileStorage

from portal import db
from portal.config import Settings
from portal.forms.rosters import ApplyForm, OverrideForm, UploadForm
from portal.models import RosterImport
from portal.policy.permissions import Permission
from portal.views.blueprints import rosters as bp
from portal.web import browser_session, htmx
from portal.web.current_school import stay_in_school
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane
from portal.worker import uploads
from portal.worker.folders import JobFolder, Progress

#: As many earlier imports as the list shows.
SHOWN = 50


@bp.get("/settings/roster")
@requires(Permission.IMPORT_ROSTER)
def index() -> str:
    """List the rosters that were uploaded."""
    stay_in_school(Permission.IMPORT_ROSTER)
    return htmx.render("rosters/index.html", imports=RosterImport.latest_of(g.account, SHOWN))


@bp.route("/settings/roster/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_ROSTER, writes_itself=True, lane=Lane.UPLOADS)
def upload() -> Answer:
    """Take a roster file, and start reading it."""
    form = UploadForm()
    if form.validate_on_submit() and (received := _receive(form)):
        return htmx.redirect(url_for(".show", roster_import_id=received.public_id))
    return htmx.render("rosters/upload.html", form=form), form.status


@bp.get("/settings/roster/<roster_import_id>")
@requires(Permission.IMPORT_ROSTER, on=RosterImport)
def show(roster_import: RosterImport) -> str:
    """Show how far a roster is, what it would change, or what it changed."""
    return htmx.render(
        "rosters/show.html",
        "status",
        roster_import=roster_import,
        progress=_progress(roster_import),
    )


@bp.route("/settings/roster/<roster_import_id>/apply", methods=["GET", "POST"])
@requires(Permission.IMPORT_ROSTER, on=RosterImport)
def apply(roster_import: RosterImport) -> Answer:
    """Ask before a roster is applied; apply it."""
    form = OverrideForm() if roster_import.needs_override else ApplyForm()
    if request.method == "POST" and form.validate():
        roster_import.confirm(by=g.account, overrides_limit=roster_import.needs_override)
        return htmx.redirect(url_for(".show", roster_import_id=roster_import.public_id))
    return htmx.render("rosters/apply.html", "apply", form=form, roster_import=roster_import), form.status


def _receive(form: UploadForm) -> RosterImport | None:
    file: FileStorage = form.file.data
    return form.attempt(lambda: _store(file), at=form.file, writes_itself=True)


def _store(file: FileStorage) -> RosterImport:
    """Store the file, and after it the row about it: a row never waits for half a file."""
    public_id = uploads.receive(file.stream, name=file.filename or "")
    with db.writing():
        return RosterImport.upload(public_id=public_id, file_name=file.filename or "", by=g.account)


def _progress(roster_import: RosterImport) -> Progress | None:
    job = roster_import.job() if roster_import.is_waiting else None
    return JobFolder(job.public_id).progress if job else None


@bp.url_value_preprocessor
def _widen_limit(_endpoint: str | None, _values: object) -> None:
    """Let those who may import rosters send a large file; for everybody else requests stay small."""
    sign_in = browser_session.sign_in() if request.method == "POST" else None
    if sign_in and sign_in.account.may(Permission.IMPORT_ROSTER):
        settings: Settings = current_app.extensions["settings"]
        request.max_content_length = settings.largest_upload
