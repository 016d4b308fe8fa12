"""Students who could be put into a support: found by name or number, at its school, not in it yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from portal.db import db
from portal.models.accounts.account import Account
from portal.models.rows import fold
from portal.models.students.student import Student
from portal.models.supports.support import Support
from portal.models.supports.support_student import SupportStudent
from portal.policy.permissions import Permission

#: More than this is no help to whoever looks for somebody.
MOST = 50


def candidates(support: Support, words: str, *, by: Account) -> Sequence[Student]:
    """The first MOST of those whom `by` may edit, by name; nobody as long as nothing is looked for."""
    looked_for = fold(words).split()
    if not looked_for:
        return []
    is_in = select(SupportStudent.student_id).where(
        SupportStudent.support_id == support.id, SupportStudent.is_in_force_at(Support.school_id)
    )
    found = (
        select(Student)
        .options(lazyload(Student.code))
        .where(
            Student.school_id == support.school_id,
            Student.is_enrolled(),
            Student.reachable(by, Permission.EDIT_STUDENT),
            Student.id.not_in(is_in.join(Support, Support.id == SupportStudent.support_id)),
            *(Student.search_key.contains(word, autoescape=True) for word in looked_for),
        )
    )
    return db.session.scalars(found.order_by(Student.sort_key, Student.id).limit(MOST)).all()
