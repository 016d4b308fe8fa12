"""Rosters on their way in, for whoever looks at the pages of Settings > Roster."""

import io

from flask import current_app

from portal import db
from portal.models import Account, RosterImport
from portal.worker import jobs, uploads
from tests.roster.bundles import MANIFEST, ORGS, bundle, zipped

#: News of two schools of the cast: a pupil, a teacher and a class each, and one line that is wrong.
NEWS = {
    name: str(text).replace("lincoln", "school-lincoln").replace("adams", "school-riverside")
    for name, text in bundle(
        manifest=MANIFEST.replace("bulk", "delta"),
        orgs=ORGS.replace("LIN", "LINCOLN").replace("ADA", "riverside"),
    ).items()
}
NEWS["users.csv"] += "ghost,,,true,school-nowhere,student,ghost,,No,School,,,,,,,06,\n"

#: A school with nobody in it any more.
EMPTY = NEWS | {"manifest.csv": MANIFEST, "users.csv": NEWS["users.csv"].splitlines()[0] + "\n"}


def read(files: dict[str, str], *, by: Account) -> RosterImport:
    """A roster that was uploaded and has been read."""
    worker = jobs.of(current_app)
    worker.clear()
    public_id = uploads.receive(io.BytesIO(zipped(files)), name="district.zip")
    with db.writing():
        row = RosterImport.upload(public_id=public_id, file_name="district.zip", by=by)
    worker.run_queued()
    db.session.rollback()
    return row


def apply(row: RosterImport, *, by: Account) -> RosterImport:
    """The same, put into effect."""
    worker = jobs.of(current_app)
    with db.writing():
        row.confirm(by=by)
    worker.run_queued()
    db.session.rollback()
    return row
