"""Who may give which access at a network, and what follows: rules B2, B8, B17 and B19."""

from itertools import product

import pytest
from sqlalchemy import delete, select

from portal import db
from portal.db import Refused
from portal.models import (
    Event,
    EventKind,
    MessageKind,
    Network,
    NetworkMembership,
    NetworkSchool,
    OutboxMessage,
    PortfolioSchool,
    School,
    SignIn,
    Staff,
    Student,
)
from portal.models.users.adding import Newcomer, add_user
from portal.models.users.level_change import appoint_admin, change_level
from portal.models.users.trusted_status import TrustedStatus
from portal.policy.delegation import Access, Portfolio
from portal.policy.permissions import NetworkLevel, Permission
from tests import rows

ADMIN, BOTH, ONLY, NOTHING = NetworkLevel
EVERYWHERE, NOWHERE = Portfolio(is_all=True), Portfolio(is_all=False)
WORDING = "I know them."


def held_by(staff: Staff) -> NetworkMembership:
    db.session.expire_all()
    return db.session.scalars(select(NetworkMembership).filter_by(staff_id=staff.id)).one()


def give(cast, who: str, access: Access, *, by: str = "nora") -> bool:
    row, giver = held_by(getattr(cast, who)), getattr(cast, by)
    giver.forget_rights()
    with db.writing():
        changed = change_level(row, access, by=giver)
    getattr(cast, who).forget_rights()
    return changed


def only(*schools: School) -> Portfolio:
    return Portfolio(is_all=False, school_ids=frozenset(school.id for school in schools))


def sees(cast, who: str) -> set[str]:
    db.session.rollback()
    reachable = Student.visible_to(getattr(cast, who), Permission.VIEW_STUDENT)
    return {student.school.name.split()[0] for student in db.session.scalars(reachable)}


def test_a_portfolio_decides_what_is_seen_at_once(cast):
    assert sees(cast, "paul") == {"Lincoln"}

    give(
        cast,
        "paul",
        Access(BOTH, can_manage_users=False, portfolio=only(cast.riverside, cast.jefferson)),
    )
    assert sees(cast, "paul") == {"Riverside", "Jefferson"}

    give(cast, "paul", Access(BOTH, can_manage_users=False, portfolio=EVERYWHERE))
    assert sees(cast, "paul") == {"Lincoln", "Riverside", "Jefferson"}


def test_all_schools_follows_those_that_join_later_and_a_list_does_not(cast):
    school = rows.school("New Elementary")
    rows.student(school)
    rows.stored(NetworkSchool(network_id=cast.network.id, school_id=school.id))
    assert "New" not in sees(cast, "paul")

    give(cast, "paul", Access(BOTH, can_manage_users=False, portfolio=EVERYWHERE))

    assert "New" in sees(cast, "paul")


def test_a_portfolio_is_kept_inert_while_the_level_has_none(cast):
    give(cast, "paul", Access(ONLY, can_manage_users=False, portfolio=NOWHERE))
    assert sees(cast, "paul") == set()

    before = held_by(cast.paul).access.portfolio
    give(cast, "paul", Access(BOTH, can_manage_users=False, portfolio=before))

    assert sees(cast, "paul") == {"Lincoln"}


def test_an_empty_portfolio_is_refused(cast):
    with pytest.raises(Refused, match="at least one school"):
        give(cast, "paul", Access(BOTH, can_manage_users=False, portfolio=NOWHERE))


def test_network_admin_is_never_given(cast):
    with pytest.raises(Refused, match="operator appoints"):
        give(cast, "ona", Access(ADMIN, can_manage_users=False, portfolio=EVERYWHERE))


def test_a_network_admin_is_changed_by_nobody(cast):
    other = rows.stored(Staff(email="nina@example.org", given_name="Nina"))
    with db.writing():
        appoint_admin(other, cast.network)
    row = held_by(other)

    with pytest.raises(Refused, match="appointed by the operator"), db.writing():
        change_level(row, Access(NOTHING, can_manage_users=False, portfolio=NOWHERE), by=cast.nora)


def test_nobody_changes_themself(cast):
    give(cast, "ona", Access(ONLY, can_manage_users=True, portfolio=NOWHERE))

    with pytest.raises(Refused, match="their own access level"):
        give(cast, "ona", Access(NOTHING, can_manage_users=False, portfolio=NOWHERE), by="ona")


def test_no_access_signs_out_and_keeps_the_portfolio(cast):
    with db.writing():
        SignIn.start(cast.paul, browser="Test", address="192.0.2.1")

    give(cast, "paul", Access(NOTHING, can_manage_users=False, portfolio=NOWHERE))

    assert db.session.scalars(select(SignIn).filter_by(account_id=cast.paul.id)).all() == []
    assert held_by(cast.paul).access.portfolio == only(cast.lincoln)


#: What Paul holds, with Can Manage Users; what he gives to Ona; whether he may.
DELEGATION = [
    ((BOTH, "lincoln"), (BOTH, "lincoln"), True),
    ((BOTH, "lincoln"), (BOTH, "lincoln riverside"), False),
    ((BOTH, "lincoln"), (BOTH, "all"), False),
    ((BOTH, "lincoln"), (ONLY, ""), False),
    ((BOTH, "lincoln"), (NOTHING, ""), True),
    ((BOTH, "all"), (BOTH, "all"), True),
    ((BOTH, "all"), (BOTH, "lincoln riverside"), True),
    ((BOTH, "all"), (ONLY, ""), True),
    ((ONLY, ""), (ONLY, ""), True),
    ((ONLY, ""), (BOTH, "lincoln"), False),
    ((ONLY, ""), (BOTH, "all"), False),
    *(((own, "all"), (ADMIN, "all"), False) for own in (BOTH, ONLY)),
]


@pytest.mark.parametrize(("own", "given", "may"), DELEGATION)
def test_a_delegate_gives_what_they_hold_and_no_more(cast, own, given, may):
    def access(level: NetworkLevel, schools: str, *, manages: bool) -> Access:
        named = [getattr(cast, name) for name in schools.split() if name != "all"]
        portfolio = EVERYWHERE if schools == "all" else only(*named)
        return Access(level, can_manage_users=manages, portfolio=portfolio)

    give(cast, "ona", Access(NOTHING, can_manage_users=True, portfolio=NOWHERE))
    give(cast, "paul", access(*own, manages=True))

    if may:
        assert give(cast, "ona", access(*given, manages=False), by="paul")
    else:
        with pytest.raises(Refused):
            give(cast, "ona", access(*given, manages=False), by="paul")


def test_nobody_edits_whose_access_reaches_farther(cast):
    give(cast, "paul", Access(BOTH, can_manage_users=True, portfolio=only(cast.lincoln)))

    with pytest.raises(Refused, match="farther than your own"):
        give(cast, "ona", Access(NOTHING, can_manage_users=False, portfolio=NOWHERE), by="paul")


def test_for_all_pairs_a_level_covers_only_what_it_grants(cast):
    for own, other in product(NetworkLevel, repeat=2):
        covers = Access(own, False, EVERYWHERE).covers(Access(other, False, EVERYWHERE))
        wide = {
            ADMIN: {ADMIN, BOTH, ONLY, NOTHING},
            BOTH: {BOTH, ONLY, NOTHING},
            ONLY: {ONLY, NOTHING},
            NOTHING: {NOTHING},
        }
        assert covers == (other in wide[own]), (own, other)


def test_a_delegate_of_another_network_may_nothing(cast):
    other = rows.stored(Network(name="Elsewhere"))
    stranger = rows.stored(Staff(email="otis@example.org", given_name="Otis"))
    with db.writing():
        appoint_admin(stranger, other)

    row = held_by(cast.ona)
    with pytest.raises(Refused, match="do not manage"), db.writing():
        change_level(row, Access(NOTHING, False, NOWHERE), by=stranger)


def test_who_is_added_is_vouched_for_and_invited(cast):
    person = Newcomer(given_name="Cleo", family_name="Coach", email="cleo@example.org", title="Coach")
    access = Access(BOTH, can_manage_users=False, portfolio=only(cast.lincoln, cast.jefferson))

    with db.writing():
        row = add_user(person, cast.network, access, by=cast.nora, wording=WORDING)

    assert row.access == access
    vouched = db.session.scalars(select(TrustedStatus).filter_by(network_membership_id=row.id)).one()
    assert (vouched.confirmed_by_id, vouched.wording) == (cast.nora.id, WORDING)
    mail = db.session.scalars(select(OutboxMessage).filter_by(kind=MessageKind.INVITATION.value)).one()
    assert mail.to_address == "cleo@example.org"
    kinds = set(db.session.scalars(select(Event.kind).where(Event.about_id == row.staff_id)))
    assert {EventKind.LEVEL_CHANGED, EventKind.PORTFOLIO_CHANGED, EventKind.TRUSTED_STATUS_CONFIRMED} <= kinds


def test_school_staff_keep_their_account_at_the_network(cast):
    person = Newcomer(given_name="X", family_name="Y", email=cast.otto.email, title="")

    with db.writing():
        row = add_user(person, cast.network, Access(ONLY, False, NOWHERE), by=cast.nora, wording=WORDING)

    assert row.staff_id == cast.otto.id
    assert cast.otto.given_name == "Otto"
    assert db.session.scalars(select(OutboxMessage)).all() == []


def test_whoever_is_there_already_is_not_added_again(cast):
    person = Newcomer(given_name="Ona", family_name="", email=cast.ona.email, title="")

    with pytest.raises(Refused, match="on the list already"), db.writing():
        add_user(person, cast.network, Access(ONLY, False, NOWHERE), by=cast.nora, wording=WORDING)


def test_a_school_that_left_is_in_nobodys_portfolio(cast):
    with db.writing():
        db.session.execute(delete(NetworkSchool).where(NetworkSchool.school_id == cast.lincoln.id))

    assert held_by(cast.paul).access.portfolio == NOWHERE
    assert db.session.scalars(select(PortfolioSchool.school_id)).all() == [cast.lincoln.id]


def test_a_stale_page_changes_nothing(cast):
    row = held_by(cast.ona)

    with pytest.raises(Refused, match="a moment ago"), db.writing():
        change_level(row, Access(NOTHING, False, NOWHERE), by=cast.nora, seen=BOTH.value)
