"""Letters of many students made into files: at once where they are few, by the worker where they are many."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from flask import current_app

from portal import db
from portal.db import Refused
from portal.documents.bulk import PrintedLetters
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.orders import print_in_bulk
from portal.documents.recipients import letters_for
from portal.models import Account, Batch, Job, JobKind
from portal.models.letters.batch import may_still_have, recipients_of, record, settle_letters
from portal.models.letters.list import LetterOrder, Recipient
from portal.models.rows import new_public_id
from portal.text.language import gettext as _
from portal.web.downloads import plain
from portal.worker.folders import JobFolder
from portal.worker.runs import Result, Run, Work

#: Letters that somebody waits for at their browser; more are left to the worker: see decision 14.
AT_ONCE = 200


class Download(NamedTuple):
    """A file that is sent and not kept."""

    name: str
    content: bytes


def print_batch(batch: Batch, *, order: LetterOrder, by: Account) -> Download | Job:
    """Return the letters of a batch if they are few, so that its author can wait; otherwise start and return a job.

    Call it outside a write transaction. Raises Refused when there are none, or the PDF engine gives up.
    """
    letters = settle_letters(batch, by=by)
    if letters <= AT_ONCE:
        return _print_at_once(batch.id, order=order, by=by)
    arguments = {"batch": batch.id, "order": order.value}
    with db.writing():
        return Job.start(JobKind.LETTERS, by=by, arguments=arguments, total=letters)


def _print_at_once(batch_id: int, *, order: LetterOrder, by: Account) -> Download:
    folder = JobFolder(new_public_id())
    try:
        folder.make()
        recipients = _load_recipients(batch_id, order=order, by=by)
        path = _file(_print(recipients, folder=folder.path))
        content = path.read_bytes()
    except OSError:
        raise Refused(_("The letters could not be written: the disk of the server may be full.")) from None
    finally:
        folder.discard()
    with db.writing():
        record(recipients, by=by)
    return Download(_name(recipients, path), content)


def _make(run: Run) -> Result:
    order = LetterOrder(run.arguments["order"])
    recipients = _load_recipients(run.arguments["batch"], order=order, by=run.author)
    printed = _print(recipients, folder=run.draft, progress=run.report)
    path = _file(printed)
    summary = {"letters": printed.letters, "covers": printed.covers, "files": len(printed.files)}
    run.note("\n".join(printed.warnings))
    return Result(lambda: record(recipients, by=run.author), summary, path, _name(recipients, path))


def _load_recipients(batch_id: int, *, order: LetterOrder, by: Account) -> list[Recipient]:
    recipients = recipients_of(batch_id, by=by, order=order)
    db.session.rollback()  # nothing stays open while pages are made
    if not recipients:
        raise Refused(_("None of these students has an access code that works now. Choose them again."))
    return recipients


def _print(
    recipients: Sequence[Recipient], *, folder: Path, progress: Callable[[int, int], None] | None = None
) -> PrintedLetters:
    letters = letters_for(recipients, address=current_app.extensions["settings"].address)
    try:
        return print_in_bulk(letters, folder=folder, progress=progress)
    except PrintingFailed as failure:
        raise Refused(str(failure)) from None


def _file(printed: PrintedLetters) -> Path:
    """Return the only PDF, or an archive of all of them."""
    if len(printed.files) == 1:
        return printed.files[0]
    path = printed.files[0].with_name("letters.zip")
    with ZipFile(path, "w") as archive:
        for each in printed.files:
            archive.write(each, each.name)
            each.unlink()
    return path


def _name(recipients: Sequence[Recipient], path: Path) -> str:
    """Return the name of the file in plain letters, which every system can store."""
    schools = {each.school.name for each in recipients}
    school = plain(schools.pop()) if len(schools) == 1 else ""
    return "-".join(filter(None, ("login-instructions", school))) + path.suffix


def _is_allowed(job: Job, account: Account) -> bool:
    return may_still_have(job.arguments["batch"], account)


LETTERS = Work(_make, _is_allowed)
