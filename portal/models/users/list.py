"""The list of a school's staff: a page at a time, of columns, in one statement."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, select

from portal.db import db
from portal.models.accounts.account import Account, Staff
from portal.models.paging import SHAPES, Order, Page, paged, read_page
from portal.models.schools.school import School
from portal.models.supports.duties import Duties, students_in_charge, supports_led
from portal.models.users.filter import UserFilter, criteria_of
from portal.models.users.membership import Membership
from portal.policy.evaluator import always_grants, lets_in
from portal.policy.permissions import Permission, level_named
from portal.policy.reach import Scopes, asked_by
from portal.text.names import full_name

PAGE = 50
#: Counting stops here: beyond it, "1,000+" says enough.
MOST_COUNTED = 1000


class UserLine(NamedTuple):
    """One person in the list."""

    public_id: str
    staff_id: int
    given_name: str
    family_name: str
    email: str
    own_title: str | None
    file_title: str | None
    level: str
    source_id: str | None
    is_off_file: bool
    last_signed_in_at: datetime | None
    has_second_factor: bool
    has_password: bool
    is_closed: bool
    review_since: datetime | None
    supports_led: int
    students_in_charge: int

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)

    @property
    def title(self) -> str:
        """What this person is at the school."""
        return self.own_title or self.file_title or ""

    @property
    def label(self) -> str:
        """The access level as it is called on screen."""
        return level_named(self.level).label

    @property
    def duties(self) -> Duties:
        """What is flagged for others to take over, since the level does not fit it any more."""
        level = level_named(self.level)
        return Duties(
            0 if always_grants(level, Permission.LEAD_SUPPORT) else self.supports_led,
            0 if always_grants(level, Permission.BE_POINT_PERSON) else self.students_in_charge,
        )

    @property
    def is_open(self) -> bool:
        """Whether the level lets this person in."""
        return lets_in(level_named(self.level))

    @property
    def is_invited(self) -> bool:
        """Whether a first password is still to be chosen."""
        return self.is_open and not self.has_password and not self.is_closed

    @property
    def file(self) -> str:
        """Whether the staff file names this person: "on_file", "off_file", or "by_hand" for who was added."""
        if self.source_id is None:
            return "by_hand"
        return "off_file" if self.is_off_file else "on_file"


def users_of(school: School, user_filter: UserFilter, *, by: Account) -> Page[UserLine]:
    """Return the page of `school`'s staff in `by`'s reach that `user_filter` finds."""
    asked, (scopes, asker) = user_filter.asked, asked_by(by, Permission.MANAGE_USERS)
    statement = _pages(scopes, asked.shape, is_later=bool(user_filter.after))
    values = {**asker, **asked.values, "school_id": school.id, "after": user_filter.after}
    return read_page(statement, values, size=PAGE).of(lambda row: UserLine._make(row[:-1]))


@lru_cache(maxsize=SHAPES)
def _pages(scopes: Scopes, shape: tuple[str, ...], *, is_later: bool) -> Select[*tuple[Any, ...]]:
    here = Membership.school_id == bindparam("school_id", type_=Integer)
    is_own = Membership.staff_id == Staff.id
    is_found = and_(here, is_own, Membership.reachable_by_asker(scopes), *criteria_of(shape))
    columns = (Staff.sort_key, Membership.id)
    by_name = Order(columns=columns, mark=Membership.public_id, places=select(*columns).where(here, is_own))
    return paged(
        select(*_COLUMNS).where(is_own),
        is_found,
        by_name,
        size=PAGE,
        is_later=is_later,
        most_counted=MOST_COUNTED,
    )


def line_of(membership: Membership) -> UserLine:
    """Return one person as the list shows them, after something was changed."""
    own = select(*_COLUMNS).where(Membership.id == membership.id, Membership.staff_id == Staff.id)
    return UserLine._make(db.session.execute(own).one())


_COLUMNS = (
    Membership.public_id,
    Membership.staff_id,
    Staff.given_name,
    Staff.family_name,
    Staff.email,
    Membership.own_title,
    Staff.title,
    Membership.level,
    Staff.source_id,
    Staff.is_off_file(),
    Staff.last_signed_in_at,
    Staff.totp_sealed.is_not(None),
    Staff.password_hash.is_not(None),
    Staff.is_closed(),
    Membership.review_since,
    supports_led(),
    students_in_charge(),
)
