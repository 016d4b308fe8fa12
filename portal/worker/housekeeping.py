"""Delete what nobody needs any more: files and folders every minute, rows every hour."""

from sqlalchemy import delete

from portal import clock, db
from portal.models import Batch, Job, RosterImport, SignIn, ThrottleCount
from portal.models.jobs import job, roster_import
from portal.models.jobs.roster_import import Stage
from portal.text.language import gettext as _
from portal.worker.folders import JobFolder
from portal.worker.runs import Works, is_available
from portal.worker.uploads import Upload


def wipe_files(works: Works) -> None:
    """Delete what was kept long enough, what came to nothing, and what its author may not have any more."""
    for row in Job.unwiped():
        if not is_available(row, works):
            JobFolder(row.public_id).discard()
            with db.writing():
                row.wiped_at = clock.now()
    for forgotten in RosterImport.forgotten():
        with db.writing():
            forgotten.forget(_("Nobody applied this roster within a day. Its file was removed."))
    _discard_what_is_over()


def delete_rows() -> None:
    """Delete sign-ins that are over, counts that would start anew, plans for many students that nobody confirmed.

    Nothing that is deleted here could still sign anybody in or make anybody wait.
    """
    now = clock.now()
    with db.writing():
        db.session.execute(delete(SignIn).where(SignIn.ends_at <= now))
        db.session.execute(delete(ThrottleCount).where(ThrottleCount.resets_at <= now))
        Batch.tidy_up()


def _discard_what_is_over() -> None:
    """Discard uploads that were applied or refused, and folders without a row."""
    for upload in Upload.every():
        row = RosterImport.named(upload.public_id)
        if row.stage in {Stage.APPLIED, Stage.FAILED} if row else upload.is_older_than(roster_import.KEPT):
            upload.discard()
    for folder in JobFolder.every():
        if folder.is_older_than(job.KEPT) and not Job.is_known(folder.public_id):
            folder.discard()
