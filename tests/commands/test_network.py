"""`portal network`: who is admin of a network, and that it is on record as the operator's act."""

import pytest
from sqlalchemy import func, select

from portal import db
from portal.models import Event, Network, NetworkMembership, OutboxMessage, SignIn, Staff
from portal.policy.permissions import NetworkLevel
from tests import rows
from tests.commands.installing import refused


def level_of(email: str) -> str | None:
    of_theirs = select(NetworkMembership.level).join(Staff, Staff.id == NetworkMembership.staff_id)
    return db.session.scalar(of_theirs.where(Staff.email == email))


def last_event() -> Event:
    return db.session.scalars(
        select(Event).where(Event.kind == "level changed").order_by(Event.id.desc())
    ).first()


def test_a_coach_becomes_network_admin_and_keeps_the_portfolio(cast, operator):
    result = operator("network", "appoint", cast.paul.email)

    assert "Paul Iversen is Network Admin of Maple Valley Schools." in result.stdout
    assert level_of(cast.paul.email) == NetworkLevel.NETWORK_ADMIN
    assert (last_event().account_id, last_event().about_id) == (None, cast.paul.id)
    assert last_event().details["source"] == "operator"


def test_who_has_no_password_yet_is_invited(cast, operator):
    nina = rows.stored(Staff(email="nina@example.org", given_name="Nina"))

    operator("network", "appoint", "nina@example.org")

    mails = select(func.count()).select_from(OutboxMessage).filter_by(account_id=nina.id)
    assert db.session.scalar(mails) == 1


def test_appointing_again_changes_nothing(cast, operator):
    before = db.session.scalar(select(func.count()).select_from(Event))

    assert operator("network", "appoint", cast.nora.email).exit_code == 0
    assert db.session.scalar(select(func.count()).select_from(Event)) == before


def test_a_network_admin_is_dismissed_and_signed_out(cast, as_, operator):
    browser = as_(cast.nora)
    result = operator("network", "dismiss", cast.nora.email)

    assert "Nora Castellanos has no access to Maple Valley Schools." in result.stdout
    assert level_of(cast.nora.email) == NetworkLevel.NO_ACCESS
    assert last_event().details["source"] == "operator"
    assert db.session.scalar(select(func.count()).select_from(SignIn).filter_by(account_id=cast.nora.id)) == 0
    assert browser.get("/network").status_code == 303
    assert "had no access" in operator("network", "dismiss", cast.nora.email).stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("appoint", "nobody@example.org"), "No staff account has the email nobody@example.org."),
        (("dismiss", "nobody@example.org"), "No staff account has the email nobody@example.org."),
        (("appoint", "otto@example.org", "--network", "Elm"), "Say which network"),
    ],
)
def test_what_is_not_there_is_said(cast, operator, words, sentence):
    assert refused(operator("network", *words), sentence)


def test_of_several_networks_one_must_be_named(cast, operator):
    rows.stored(Network(name="Elsewhere"))

    assert refused(
        operator("network", "dismiss", cast.nora.email), "There are: Elsewhere, Maple Valley Schools."
    )
