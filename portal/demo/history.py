"""How the town's figures stood in the weeks before: families have been signing up since September."""

from datetime import timedelta

from sqlalchemy import select

from portal import clock, db
from portal.models import SchoolSnapshot
from portal.worker import totals

WEEKS = 7


def remember() -> None:
    """Count the schools as they are now, and keep a day of each week before in which fewer families had come."""
    totals.note_the_day()
    with db.writing():
        for today in db.session.scalars(select(SchoolSnapshot)).all():
            for week in range(1, WEEKS + 1):
                db.session.add(_before(today, week))


def _before(today: SchoolSnapshot, week: int) -> SchoolSnapshot:
    """The same students; of the families, an eighth fewer for each week that one goes back."""
    kept = {column.name: getattr(today, column.name) for column in SchoolSnapshot.__table__.columns}
    for name in ("enabled", "with_one", "with_two"):
        kept[name] = kept[name] * (WEEKS + 1 - week) // (WEEKS + 1)
    return SchoolSnapshot(**kept | {"day": clock.now().date() - timedelta(weeks=week)})
