"""The filter of the list of a school's staff, and the people chosen on it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, String, and_, bindparam

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.paging import Asked, asked_words, with_values, word_criterion
from portal.models.schools.school import School
from portal.models.students.selection import OutOfReach
from portal.models.supports.duties import needs_handover
from portal.models.users.membership import Membership
from portal.policy.permissions import Permission

#: One more than may be changed at once is enough to say so.
MOST_CHOSEN = 1_000


class Standing(StrEnum):
    """A group of staff that an admin may want to see alone."""

    REVIEW = "review"
    OFF_FILE = "off_file"
    BY_HAND = "by_hand"
    DUTIES = "duties"
    NEVER_IN = "never_in"


class UserFilter(NamedTuple):
    """The filter of the list; an empty field does not narrow it.

    `level` is an access level as it is stored, `after` the public id of the last one already shown.
    """

    words: str = ""
    level: str = ""
    standing: Standing | None = None
    after: str = ""

    @classmethod
    def from_query(cls, sent: Mapping[str, str]) -> Self:
        """Read the fields of a form or an address; what makes no sense finds nobody."""
        standing = sent.get("standing", "")
        return cls(
            words=sent.get("q", "")[:100],
            level=sent.get("held", "")[:24],
            standing=Standing(standing) if standing in set(Standing) else None,
            after=sent.get("after", "")[:22],
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anybody out."""
        return bool(self.words or self.level or self.standing)

    @property
    def asked(self) -> Asked:
        """What it asks of a list."""
        words = asked_words(self.words)
        rest = (*(["level"] if self.level else []), *([self.standing.value] if self.standing else []))
        return Asked((*words.shape, *rest), {**words.values, "asked_level": self.level})

    def criteria(self) -> list[ColumnElement[bool]]:
        """Return the criteria over memberships joined with their accounts, with their values."""
        asked = self.asked
        return [with_values(each, asked.values) for each in criteria_of(asked.shape)]


def criteria_of(shape: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Return the criteria of that shape, whose values come as parameters: see `UserFilter.asked`."""
    found = ((name, word_criterion(Staff.search_key, name)) for name in shape)
    return [_CRITERIA[name] if word is None else word for name, word in found]


def chosen_users(
    user_filter: UserFilter, *, ids: Sequence[str], everyone_of: School | None, by: Account
) -> Sequence[Membership]:
    """Return the memberships with these public ids, or all of `everyone_of` that `user_filter` finds, by name.

    Raises OutOfReach when one of the ids is not there for `by`.
    """
    rows = Membership.visible_to(by, Permission.MANAGE_USERS).join(Staff, Staff.id == Membership.staff_id)
    if everyone_of:
        rows = rows.where(Membership.school_id == everyone_of.id, *user_filter.criteria())
    else:
        rows = rows.where(Membership.public_id.in_(set(ids)))
    found = db.session.scalars(rows.order_by(Staff.sort_key, Membership.id).limit(MOST_CHOSEN + 1)).all()
    if not everyone_of and len(found) < len(set(ids)):
        raise OutOfReach
    return found


_CRITERIA: Mapping[str, ColumnElement[bool]] = {
    "level": Membership.at_level(bindparam("asked_level", type_=String)),
    Standing.REVIEW: Membership.review_since.is_not(None),
    Standing.OFF_FILE: and_(Staff.is_off_file()),
    Standing.BY_HAND: Staff.source_id.is_(None),
    Standing.DUTIES: needs_handover(),
    Standing.NEVER_IN: Staff.last_signed_in_at.is_(None),
}
