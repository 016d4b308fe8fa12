"""`portal staff`: what only the operator may correct, and that it is on record as theirs."""

from collections.abc import Callable

import pytest
from click.testing import Result
from sqlalchemy import select

from portal import clock, db
from portal.models import Event, OutboxMessage, RecoveryCode, SignIn
from tests import rows
from tests.commands.installing import refused
from tests.views.staff_room import level_of

Shell = Callable[..., Result]


@pytest.fixture
def shell(cast, operator) -> Shell:
    """Run `portal staff …` as the operator, on the database of the test."""
    return lambda *words: operator("staff", *words)


def last_event() -> tuple[str, int | None, int | None, str]:
    event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    return event.kind, event.account_id, event.about_id, event.details["source"]


def test_the_list_says_who_is_what_and_what_is_missing(shell, cast):
    with db.writing():
        cast.nils.off_file_at = clock.now()
    result = shell("list", "--school", "lincoln")

    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) == 8
    assert lines[0].split("  ")[0] == "lincoln"
    assert "No Access" in lines[0]
    assert "(not on file, no second factor)" in lines[0]
    assert len(shell("list").stdout.splitlines()) > 8


def test_appointing_makes_a_school_admin_and_names_the_other_one(shell, cast):
    result = shell("appoint", "delia@example.org", "--school", "lincoln")

    assert "Delia Marsh is now School Admin of Lincoln Elementary." in result.stdout
    assert "So are: Hana Novák." in result.stdout
    assert level_of(cast.delia) == "school_admin"
    assert last_event() == ("level changed", None, cast.delia.id, "operator")
    assert "already School Admin" in shell("appoint", "delia@example.org", "--school", "lincoln").stdout


def test_whoever_is_appointed_elsewhere_works_there_from_now_on(shell, cast):
    assert shell("appoint", "otto@example.org", "--school", "riverside").exit_code == 0

    assert "otto@example.org" in shell("list", "--school", "riverside").stdout


def test_who_is_appointed_without_a_password_is_invited(shell, cast):
    with db.writing():
        cast.nils.password_hash = None
    shell("appoint", "nils@example.org", "--school", "lincoln")

    assert db.session.scalars(select(OutboxMessage.to_address)).all() == ["nils@example.org"]


def test_blocking_at_a_school_takes_even_the_school_admin_away(shell, cast):
    result = shell("block", "hana@example.org", "--school", "lincoln")

    assert "Hana Novák is now without access at Lincoln Elementary." in result.stdout
    assert level_of(cast.hana) == "no_access"
    assert last_event() == ("level changed", None, cast.hana.id, "operator")
    assert "is already without access" in shell("block", "hana@example.org", "--school", "lincoln").stdout


def test_blocking_everywhere_signs_out_and_can_be_undone(shell, cast, as_):
    browser = as_(cast.otto)
    result = shell("block", "otto@example.org")

    assert "Otto Brandt is now blocked everywhere." in result.stdout
    assert last_event() == ("account closed", None, cast.otto.id, "operator")
    assert browser.get("/students").location.startswith("/staff/sign-in")
    assert level_of(cast.otto) == "school_wide_editor", "the level is kept"

    assert refused(shell("appoint", "otto@example.org", "--school", "lincoln"), "Open the account first")
    assert "can sign in again" in shell("unblock", "otto@example.org").stdout
    assert cast.otto.closed_at is None
    assert last_event()[0] == "account opened again"


def test_a_lost_second_factor_is_forgotten_with_its_recovery_codes(shell, cast, as_):
    as_(cast.otto)
    with db.writing():
        cast.otto.totp_sealed, cast.otto.totp_last_step = b"sealed", 1
    rows.stored(RecoveryCode(staff_id=cast.otto.id, digest=bytes(32)))

    result = shell("reset-second-factor", "Otto@Example.org")

    assert result.exit_code == 0, result.output
    assert (cast.otto.totp_sealed, cast.otto.totp_last_step) == (None, None)
    assert db.session.scalar(select(RecoveryCode.id)) is None
    assert db.session.scalar(select(SignIn.id).where(SignIn.account_id == cast.otto.id)) is None
    assert last_event() == ("second factor reset", None, cast.otto.id, "operator")
    assert refused(shell("reset-second-factor", "otto@example.org"), "has no second factor")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("block", "nobody@example.org"), "No staff account has the email"),
        (("appoint", "grace@example.com", "--school", "lincoln"), "No staff account has the email"),
        (("appoint", "otto@example.org", "--school", "mars"), "No school has the identifier mars"),
        (("block", "otto@example.org", "--school", "riverside"), "does not work at Riverside Middle"),
        (("list", "--school", "mars"), "No school has the identifier mars"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(shell, words, sentence):
    assert refused(shell(*words), sentence)
