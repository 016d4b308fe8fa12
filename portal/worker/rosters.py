"""Do the two jobs of a roster import: read the uploaded file for a preview, and apply it."""

from contextlib import closing

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal import db
from portal.db import Refused
from portal.models import Account, Event, EventKind, Job, RosterImport
from portal.policy.permissions import Permission
from portal.roster.apply import StagedRoster, preview
from portal.roster.importer import Importer
from portal.roster.problems import NotARoster
from portal.text.language import gettext as _
from portal.worker.runs import GivenUp, Result, Run, Work, reason
from portal.worker.uploads import Upload

log = structlog.get_logger(__name__)


def _preview(run: Run) -> Result:
    """Read the file, and note what applying it would change."""
    row = _import_of(run.job)
    found = preview(Upload(row.public_id).file, _importer(run.author), progress=run.folder.note_progress)

    def record() -> None:
        row.note_preview(found.as_json())
        Event.record(EventKind.ROSTER_PREVIEWED, by=run.author, roster_import=row.id)

    return Result(record)


def _apply(run: Run) -> Result:
    """Change what the file says and note what was changed, in the transaction that ends the job."""
    row = _import_of(run.job)
    upload = Upload(row.public_id)
    roster = StagedRoster(
        upload.file,
        _importer(run.author),
        override=row.overrides_limit,
        progress=run.folder.note_progress,
    )

    def record() -> None:
        _importer(run.author)  # refuses whoever may not any more
        with closing(roster):
            row.note_applied(roster.write().as_json())
        db.after_commit(upload.discard)

    return Result(record)


def _import_of(job: Job) -> RosterImport:
    return db.session.get_one(RosterImport, job.arguments["roster_import"])


def _importer(author: Account) -> Importer:
    """Return the importer: whoever asked for the job, with their present reach. Raises Refused without permission."""
    if not author.may(Permission.IMPORT_ROSTER):
        raise Refused(_("Whoever uploaded this roster may not import rosters any more."))
    return Importer.by(author)


def _explain(error: Exception) -> str | None:
    if isinstance(error, NotARoster | Refused):
        return str(error)
    if isinstance(error, GivenUp):
        return _("The worker stopped several times at this roster. Please tell whoever runs the server.")
    log.error("roster not imported", reason=reason(error))
    if isinstance(error, SQLAlchemyError):
        return _("The database did not take this roster. Nothing was changed. Please try again later.")
    return _("Something went wrong on our side. Please tell whoever runs the server.")


def _note_failure(job: Job, sentence: str) -> None:
    row = _import_of(job)
    row.fail(sentence)
    db.after_commit(Upload(row.public_id).discard)


PREVIEW = Work(_preview, explain=_explain, note_failure=_note_failure)
APPLY = Work(_apply, explain=_explain, note_failure=_note_failure)
