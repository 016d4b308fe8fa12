"""What no longer serves anybody is deleted, once an hour: sign-ins that are over, counts that would start
anew, plans for many students that nobody confirmed.
"""

from sqlalchemy import delete

from portal import clock, db
from portal.models import Batch, SignIn, ThrottleCount


def tidy_up() -> None:
    """Nothing that is deleted here could still sign anybody in or make anybody wait."""
    now = clock.now()
    with db.writing():
        db.session.execute(delete(SignIn).where(SignIn.ends_at <= now))
        db.session.execute(delete(ThrottleCount).where(ThrottleCount.resets_at <= now))
        Batch.tidy_up()
