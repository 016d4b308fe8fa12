"""A roster that was uploaded, read and applied by the worker: all of it, or nothing."""

from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal import db
from portal.db import Refused
from portal.models import Account, Event, EventKind, RosterImport
from portal.models.jobs.roster_import import Stage
from portal.policy.permissions import Permission
from portal.roster import apply as roster
from portal.roster.importer import Importer
from portal.roster.problems import NotARoster
from portal.text.language import gettext as _
from portal.worker.uploads import Upload, all_kept

log = structlog.get_logger(__name__)

#: A roster during which the worker died this often is not tried again.
MOST_TRIES = 3

Work = Callable[[RosterImport, Upload], None]


def preview(import_id: int) -> None:
    """Read the file and note what applying it would change."""
    _work_on(import_id, Stage.READING, _preview)


def apply(import_id: int) -> None:
    """Change what the file says, in one transaction, and note what was changed."""
    _work_on(import_id, Stage.APPLYING, _apply)


def unfinished() -> list[int]:
    return [row.id for row in RosterImport.unfinished()]


def is_confirmed(import_id: int) -> bool:
    row = db.session.get(RosterImport, import_id)
    return row is not None and row.stage is Stage.APPLYING


def tidy_up() -> None:
    """Throw files away that are done with, and those that nobody applied within a day."""
    for upload, is_old in all_kept():
        row = RosterImport.named(upload.path.name)
        if row and is_old and row.stage is Stage.PREVIEWED:
            _fail(row, _("Nobody applied this roster within a day. Its file was removed."))
        if (row is None and is_old) or (row and row.stage in {Stage.APPLIED, Stage.FAILED}):
            upload.discard()


def _work_on(import_id: int, stage: Stage, work: Work) -> None:
    row = db.session.get(RosterImport, import_id)
    if row is None:
        return
    upload = Upload(row.public_id)
    with upload.locked() as is_ours:
        db.session.rollback()  # what another worker did meanwhile is seen
        if is_ours and row.stage is stage:
            _in_words(row, upload, work)


def _in_words(row: RosterImport, upload: Upload, work: Work) -> None:
    try:
        if upload.count_try() > MOST_TRIES:
            raise Refused(
                _("The worker stopped several times at this roster. Please tell whoever runs the server.")
            )
        work(row, upload)
    except (NotARoster, Refused) as refusal:
        _fail(row, str(refusal))
    except SQLAlchemyError as error:
        log.error("roster not imported", roster_import=row.id, reason=type(error).__name__)
        _fail(row, _("The database did not take this roster. Nothing was changed. Please try again later."))


def _preview(row: RosterImport, upload: Upload) -> None:
    found = roster.preview(upload.file, Importer.by(_author(row.created_by_id)), progress=upload.report)
    db.session.rollback()
    with db.writing():
        row.note_preview(found.as_json())
        Event.record(EventKind.ROSTER_PREVIEWED, by=row.created_by, roster_import=row.id)


def _apply(row: RosterImport, upload: Upload) -> None:
    with db.writing():
        importer = Importer.by(_author(row.confirmed_by_id))
        if row.begin_to_apply():
            summary = roster.apply(
                upload.file, importer, override=row.overrides_limit, progress=upload.report
            )
            row.summary = summary.as_json()
    upload.discard()


def _author(account_id: int | None) -> Account:
    """Whose reach counts, as it is now."""
    account = db.session.get(Account, account_id or 0)
    if account is None or not account.may(Permission.IMPORT_ROSTER):
        raise Refused(_("Whoever uploaded this roster may not import rosters any more."))
    return account


def _fail(row: RosterImport, sentence: str) -> None:
    with db.writing():
        row.fail(sentence)
