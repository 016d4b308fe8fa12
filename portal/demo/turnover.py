"""Add staff of Lincoln whom User Management marks: former, not on file, added by hand, deactivated."""

from datetime import datetime, timedelta

from portal import clock, db
from portal.demo.cast import Cast
from portal.models import Membership, Staff
from portal.models.users.adding import Newcomer, add_user
from portal.models.users.level_change import deactivate
from portal.models.users.trusted_status import wording_for
from portal.policy.delegation import Access
from portal.policy.permissions import AccessLevel

THERAPIST = Newcomer(
    given_name="Ruth",
    family_name="Falkenrath",
    email="ruth@example.org",
    title="Speech Therapist",
)


def add_turnover(cast: Cast) -> None:
    """Add a former principal to be reviewed, one person not on file, one added by hand, and one deactivated."""
    former = _hire(cast, "Walter Dunn", "Former Principal", AccessLevel.NO_ACCESS)
    former.review_since = _days_ago(6)
    gone = _hire(cast, "Imogen Achterberg", "Reading Specialist", AccessLevel.CASELOAD_VIEWER)
    gone.staff.off_file_at = _days_ago(20)
    access = Access(AccessLevel.CASELOAD_VIEWER)
    wording = wording_for(THERAPIST.name, cast.lincoln)
    add_user(THERAPIST, cast.lincoln, access, by=cast.hana, wording=wording)
    substitute = _hire(cast, "Desmond Achebe", "Substitute Teacher", AccessLevel.CASELOAD_EDITOR)
    deactivate(substitute, by=cast.hana)


def _hire(cast: Cast, name: str, title: str, level: AccessLevel) -> Membership:
    """Add a member of staff from the staff file who cannot sign in."""
    given_name, family_name = name.split()
    staff = Staff(
        email=f"{given_name.lower()}@example.org",
        given_name=given_name,
        family_name=family_name,
        title=title,
        source_id=f"staff-{given_name.lower()}",
        password_hash="",
        last_signed_in_at=_days_ago(31),
    )
    db.session.add(staff)
    db.session.flush()
    membership = Membership(staff_id=staff.id, school_id=cast.lincoln.id, level=level.value)
    db.session.add(membership)
    db.session.flush()
    return membership


def _days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
