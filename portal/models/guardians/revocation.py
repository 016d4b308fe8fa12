"""Revoke pairings, with author and reason."""

from collections.abc import Sequence

from sqlalchemy.orm import contains_eager, joinedload

from portal.db import Refused, db
from portal.models.accounts.account import Account
from portal.models.codes.access_code import AccessCode
from portal.models.guardians.pairing import Pairing, RevocationReason
from portal.models.students.student import Student
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


def revocable_with(pairing: Pairing, *, by: Account) -> Sequence[Pairing]:
    """Return the live pairings of the same guardian that `by` may revoke, by the student's name."""
    reachable = Pairing.visible_to(by, Permission.REVOKE_GUARDIAN)
    same_guardian = reachable.where(Pairing.guardian_id == pairing.guardian_id).join(Pairing.student)
    with_people = same_guardian.options(contains_eager(Pairing.student), joinedload(Pairing.guardian))
    return db.session.scalars(with_people.order_by(Student.sort_key, Student.id)).all()


def revoke(
    pairings: Sequence[Pairing], *, by: Account, reason: RevocationReason, note: str | None = None
) -> list[AccessCode]:
    """End these pairings and replace the live code of each student, because whoever lost access knew it.

    Returns the new codes, to be given to those who have yet to pair; none for a student whose
    code had expired. Raises Refused when no pairing is given.
    """
    if not pairings:
        raise Refused(_("Choose at least one student."))
    fresh = []
    for pairing in sorted(pairings, key=lambda pairing: pairing.student_id):
        pairing.student.lock()
        if pairing.end(by=by, reason=reason, note=note):
            fresh.append(AccessCode.replace_after_revocation(pairing.student, by=by))
    return [code for code in fresh if code]


def leave(pairing: Pairing, *, by: Account) -> None:
    """End a pairing at the guardian's own wish. The student's code stays valid."""
    pairing.student.lock()
    pairing.end(by=by, reason=RevocationReason.OWN_WISH)
