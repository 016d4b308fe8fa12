"""Adding people and changing levels follow the same rules at a school and at a network (rules B2, B7, B8, B20)."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import clock, db
from portal.db import Refused
from portal.demo import Cast
from portal.models import Event, EventKind, Network, OutboxMessage, School, SignIn, Staff, TrustedStatus
from portal.models.users.adding import Newcomer, add_user
from portal.models.users.any_membership import AnyMembership
from portal.models.users.level_change import appoint_admin, block, change_level, membership_at
from portal.policy.delegation import MANAGING, Access, Portfolio
from portal.policy.evaluator import grants, has_portfolio
from portal.policy.permissions import APPOINTED, AccessLevel, NetworkLevel
from tests import rows

RUTH = Newcomer(given_name="Ruth", family_name="Falk", email="ruth@example.org", title="Coach")
WORDING = "I know Ruth Falk."


class At(NamedTuple):
    """A place, its admin, and two kinds of access that admins give there."""

    place: School | Network
    admin: Staff
    some: Access
    more: Access

    @property
    def nothing(self) -> Access:
        return Access(membership_at(self.place).no_access)

    @property
    def top(self) -> Access:
        return Access(membership_at(self.place).admin_level)

    def membership(self, staff: Staff) -> AnyMembership:
        row = membership_at(self.place).of(staff, self.place)
        assert row is not None
        return row

    def add(self, newcomer: Newcomer = RUTH, access: Access | None = None, by: Staff | None = None) -> Any:
        with db.writing():
            return add_user(newcomer, self.place, access or self.some, by=by or self.admin, wording=WORDING)


@pytest.fixture(params=["school", "network"])
def at(request: pytest.FixtureRequest, cast: Cast) -> At:
    """The same cast at Lincoln, and at the network."""
    if request.param == "school":
        levels = AccessLevel.CASELOAD_VIEWER, AccessLevel.DELEGATED_ADMIN
        return At(cast.lincoln, cast.hana, *map(Access, levels))
    manages = Access(NetworkLevel.NETWORK_ONLY, can_manage_users=True)
    return At(cast.network, cast.nora, Access(NetworkLevel.NETWORK_ONLY), manages)


@pytest.fixture
def ruth(at: At) -> AnyMembership:
    """Somebody with some access there, who has no password yet."""
    row = at.add()
    with db.writing():
        db.session.execute(OutboxMessage.__table__.delete())
    return row


def close(staff: Staff) -> None:
    with db.writing():
        staff.closed_at = clock.now()


def change(row: AnyMembership, to: Access, *, by: Staff, **seen: str) -> bool:
    with db.writing():
        return change_level(row, to, by=by, **seen)


def mails() -> int:
    return db.session.scalar(select(func.count(OutboxMessage.id)))


def last_change(row: AnyMembership) -> Event:
    found = select(Event).where(Event.kind == EventKind.LEVEL_CHANGED.value, Event.about_id == row.staff_id)
    return db.session.scalars(found.order_by(Event.id.desc())).first()


def test_a_closed_account_gets_no_level_no_mail_and_is_added_nowhere(at: At, ruth: AnyMembership):
    change(ruth, at.nothing, by=at.admin)
    close(ruth.staff)

    with pytest.raises(Refused, match="blocked everywhere"):
        change(ruth, at.some, by=at.admin)
    with pytest.raises(Refused, match="is blocked"), db.writing():
        appoint_admin(ruth.staff, at.place)
    assert (ruth.access, mails()) == (at.nothing, 0)

    stranger = rows.stored(Staff(email="otis@example.org", given_name="Otis", closed_at=clock.now()))
    with pytest.raises(Refused, match="is blocked"):
        at.add(Newcomer(given_name="Otis", family_name="", email=stranger.email, title=""))
    with pytest.raises(Refused, match="is blocked"), db.writing():
        appoint_admin(stranger, at.place)
    assert membership_at(at.place).of(stranger, at.place) is None


def test_who_is_closed_gives_nothing(at: At, ruth: AnyMembership):
    close(at.admin)

    with pytest.raises(Refused, match="do not manage the users"):
        change(ruth, at.more, by=at.admin)
    with pytest.raises(Refused):
        at.add(Newcomer(given_name="Otis", family_name="", email="otis@example.org", title=""))
    assert Staff.with_email("otis@example.org") is None


def test_who_does_not_manage_users_there_changes_and_adds_nobody(at: At, ruth: AnyMembership, cast: Cast):
    for stranger in (cast.sam, ruth.staff):
        with pytest.raises(Refused, match="do not manage the users"):
            change(at.membership(at.admin), at.nothing, by=stranger)
        with pytest.raises(Refused):
            at.add(
                Newcomer(given_name="Otis", family_name="", email="otis@example.org", title=""), by=stranger
            )


def test_nobody_changes_themself_and_nobody_changes_or_makes_an_admin(at: At, ruth: AnyMembership):
    change(ruth, at.more, by=at.admin)

    with pytest.raises(Refused, match="their own access level"):
        change(ruth, at.nothing, by=ruth.staff)
    with pytest.raises(Refused, match=r"Only the operator|who alone"):
        change(at.membership(at.admin), at.nothing, by=ruth.staff)
    for by in (ruth.staff, at.admin):
        with pytest.raises(Refused, match="is not given here"):
            at.add(
                Newcomer(given_name="Otis", family_name="", email="otis@example.org", title=""), at.top, by
            )


def test_the_operator_appoints_and_blocks_whoever_it_is(at: At, ruth: AnyMembership):
    with db.writing():
        assert appoint_admin(ruth.staff, at.place)
        assert not appoint_admin(ruth.staff, at.place)
    assert ruth.access_level is at.top.level
    event = last_change(ruth)
    assert (event.account_id, event.details["source"]) == (None, "operator")
    assert event.details[ruth.place_column] == at.place.id

    with db.writing():
        assert block(ruth)
        assert not block(ruth)
    assert ruth.access == at.nothing


def test_who_is_appointed_belongs_there_from_now_on_and_is_invited(at: At):
    otis = rows.stored(Staff(email="otis@example.org", given_name="Otis"))

    with db.writing():
        assert appoint_admin(otis, at.place)

    assert at.membership(otis).access_level is at.top.level
    assert mails() == 1


def test_an_old_page_and_the_same_level_change_nothing(at: At, ruth: AnyMembership):
    with pytest.raises(Refused, match="a moment ago"):
        change(ruth, at.more, by=at.admin, seen="something else")

    before = last_change(ruth).id
    assert not change(ruth, at.some, by=at.admin)
    assert last_change(ruth).id == before


def test_no_access_signs_out_and_another_level_invites_once(at: At, ruth: AnyMembership):
    with db.writing():
        SignIn.start(ruth.staff, browser=None, address=None)

    change(ruth, at.nothing, by=at.admin)
    assert db.session.scalar(select(func.count(SignIn.id)).filter_by(account_id=ruth.staff_id)) == 0
    assert mails() == 0

    change(ruth, at.some, by=at.admin)
    change(ruth, at.more, by=at.admin)
    assert mails() == 1


def test_who_is_added_is_vouched_for_recorded_and_invited(at: At):
    ruth = at.add()

    assert (ruth.place, ruth.access, ruth.staff.title) == (at.place, at.some, "Coach")
    (kept,) = db.session.scalars(select(TrustedStatus))
    assert ruth.id in (kept.membership_id, kept.network_membership_id)
    assert (kept.confirmed_by_id, kept.wording) == (at.admin.id, WORDING)
    told = db.session.scalars(
        select(Event.kind).where(Event.about_id == ruth.staff_id).order_by(Event.id)
    ).all()
    assert told == [
        EventKind.ACCOUNT_CREATED, EventKind.TRUSTED_STATUS_CONFIRMED, EventKind.LEVEL_CHANGED, EventKind.INVITED,
    ]  # fmt: skip
    assert mails() == 1


def test_who_has_an_account_keeps_it_and_nobody_is_added_twice(at: At, cast: Cast):
    sam = Newcomer(given_name="X", family_name="Y", email=cast.sam.email, title="")
    name = cast.sam.name

    assert at.add(sam).staff_id == cast.sam.id
    assert (cast.sam.name, mails()) == (name, 0)
    with pytest.raises(Refused, match="on the list already"):
        at.add(sam)


def access() -> st.SearchStrategy[Access]:
    """Any access at a school or network. Schools are numbered from 1 to 4; a list of them is not empty (rule B17)."""
    portfolios = st.builds(Portfolio, st.booleans(), st.frozensets(st.integers(1, 4), min_size=1))
    return st.one_of(
        st.builds(Access, st.sampled_from(AccessLevel)),
        st.builds(Access, st.sampled_from(NetworkLevel), st.booleans(), portfolios),
    )


def sights(held: Access) -> Iterator[tuple[str, object]]:
    """Everything that somebody may do, and where: each permission with each of four schools, or a new one."""
    for permission, scope in grants(held.level, can_manage_users=held.can_manage_users).items():
        if has_portfolio(held.level) and scope.value == "portfolio":
            known = {1, 2, 3, 4} if held.portfolio.is_all else held.portfolio.school_ids
            yield from (
                (permission, school) for school in [*known, *(["new"] if held.portfolio.is_all else [])]
            )
        elif scope.value == "network":
            yield from ((permission, school) for school in (1, 2, 3, 4, "new"))
        elif scope.value == "school":
            yield from ((permission, whose) for whose in ("caseload", "everybody"))
        else:
            yield permission, "caseload" if scope.value == "caseload" else scope.value


@given(own=access(), to=access())
def test_what_is_given_is_held_as_far_or_farther(own: Access, to: Access):
    if type(own.level) is not type(to.level):
        assert not own.covers(to)
        return
    assert own.covers(to) == (set(sights(to)) <= set(sights(own)))
    is_manager = not MANAGING.isdisjoint(grants(own.level, can_manage_users=own.can_manage_users))
    assert own.may_give(to) == (own.covers(to) and is_manager and to.level not in APPOINTED)


@given(first=access(), second=access(), third=access())
def test_covering_is_an_order(first: Access, second: Access, third: Access):
    assert first.covers(first)
    if first.covers(second) and second.covers(third):
        assert first.covers(third)
