"""Rosters in the browser: upload, look at what would change, apply."""

from flask import current_app, g, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal import db
from portal.db import Refused
from portal.forms.rosters import ApplyForm, OverrideForm, UploadForm
from portal.models import RosterImport
from portal.policy.permissions import Permission
from portal.views.blueprints import rosters as bp
from portal.web import htmx
from portal.web.current_school import stay_in_school
from portal.web.guard import requires
from portal.worker import jobs, uploads
from portal.worker.uploads import Upload

bp.url_value_preprocessor(lambda _endpoint, _values: uploads.widen_limit())

Answer = tuple[str, int] | Response

#: As many earlier imports as the list shows.
SHOWN = 50


@bp.get("/settings/roster")
@requires(Permission.IMPORT_ROSTER)
def index() -> str:
    """List the rosters that were uploaded."""
    stay_in_school(Permission.IMPORT_ROSTER)
    return htmx.render("rosters/index.html", imports=RosterImport.latest_of(g.account, SHOWN))


@bp.route("/settings/roster/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_ROSTER, writes_itself=True)
def upload() -> Answer:
    """Take a roster file, and start reading it."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            return htmx.redirect(url_for(".show", roster_import_id=_received(form.file.data).public_id))
        except Refused as refusal:
            form.refuse(refusal, form.file)
    return htmx.render("rosters/upload.html", form=form), form.status


@bp.get("/settings/roster/<roster_import_id>")
@requires(Permission.IMPORT_ROSTER, on=RosterImport)
def show(roster_import: RosterImport) -> str:
    """Show how far a roster is, what it would change, or what it changed."""
    return htmx.render(
        "rosters/show.html",
        "status",
        roster_import=roster_import,
        progress=Upload(roster_import.public_id).progress,
    )


@bp.route("/settings/roster/<roster_import_id>/apply", methods=["GET", "POST"])
@requires(Permission.IMPORT_ROSTER, on=RosterImport)
def apply(roster_import: RosterImport) -> Answer:
    """Ask before a roster is applied; apply it."""
    form = OverrideForm() if roster_import.needs_override else ApplyForm()
    if request.method == "POST" and form.validate():
        if roster_import.confirm(by=g.account, overrides_limit=roster_import.needs_override):
            roster_import_id = roster_import.id
            db.after_commit(lambda: jobs.of(current_app).apply_roster(roster_import_id))
        return htmx.redirect(url_for(".show", roster_import_id=roster_import.public_id))
    return htmx.render("rosters/apply.html", "apply", form=form, roster_import=roster_import), form.status


def _received(file: FileStorage) -> RosterImport:
    """The file stored first, then the row that knows of it: a row never waits for half a file."""
    public_id = uploads.receive(file.stream, name=file.filename or "")
    with db.writing():
        row = RosterImport.upload(public_id=public_id, file_name=file.filename or "", by=g.account)
        row_id = row.id
        db.after_commit(lambda: jobs.of(current_app).preview_roster(row_id))
    return row
