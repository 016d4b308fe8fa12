"""A restriction knows a person by every email they had since: none of them gets a code or pairs with one."""

import pytest
from sqlalchemy import select

from portal import db
from portal.db import Refused
from portal.models import Account, Contact, FormerEmail, Guardian, OutboxMessage
from portal.models.accounts.own_account import close, confirm_email
from portal.models.guardians.list import guardians_of, notices_about
from portal.models.guardians.redemption import CodeRefused, redeem
from portal.models.guardians.restricting import lift
from portal.models.guardians.sign_up import Applicant, sign_up
from portal.models.mail.instructions import contacts_with_email, send_instructions
from portal.policy.permissions import Permission
from tests import rows
from tests.models.orders import TODAY, place

pytestmark = pytest.mark.usefixtures("now")

FIRST, SECOND, THIRD = (f"rolf{number}@home.example" for number in (1, 2, 3))


@pytest.fixture
def noah(mia, otto):
    """A student of the same school, with a code, whom nobody is kept from."""
    noah = rows.student(mia.school, "Noah Sullivan")
    rows.enabled(noah, otto)
    return noah


@pytest.fixture
def rolf(mia, otto):
    """Paired with Mia, with an email on file that is not the one of his account."""
    rows.enabled(mia, otto)
    rolf = rows.guardian("Rolf Sullivan")
    moves(rolf, FIRST)
    rows.paired(rolf, mia)
    rows.stored(Contact(student_id=mia.id, given_name="Rolf", email="Rolf2@home.example"))
    return rolf


def moves(guardian: Guardian, *emails: str) -> None:
    """The account takes one email after the other."""
    for email in emails:
        with db.writing():
            confirm_email(guardian, email)


def leaves(guardian: Guardian) -> None:
    with db.writing():
        close(guardian)


def comes(email, student) -> Guardian:
    """A new account with that email, for that student's code."""
    applicant = Applicant(email, "Rolf", "S", "", "en", email_is_proven=True)
    with db.writing():
        guardian = sign_up([student.code.text], applicant, address=rows.ADDRESS)
    assert guardian is not None
    return guardian


def is_kept_out(email, student, *, by) -> bool:
    """Whether that address gets no mail about the student, and nobody with it signs up for them."""
    with pytest.raises(Refused, match="Access is restricted"), db.writing():
        send_instructions(student, to=email, language=None, by=by)
    applicant = Applicant(email, "Rolf", "S", "", "en", email_is_proven=True)
    with db.writing(), pytest.raises(CodeRefused):
        sign_up([student.code.text], applicant, address=rows.ADDRESS)
    return True


def test_an_email_between_two_others_stays_barred(mia, otto, rolf):
    place(mia, FIRST, by=otto)
    moves(rolf, SECOND, THIRD)

    assert contacts_with_email(mia) == []
    assert all(is_kept_out(email, mia, by=otto) for email in (FIRST, SECOND))
    with pytest.raises(Refused, match="Access is restricted"), db.writing():
        send_instructions(mia, to=THIRD.title(), language=None, by=otto)


def test_the_last_email_of_an_account_that_was_deleted_stays_barred(mia, otto, rolf):
    place(mia, FIRST, by=otto)
    moves(rolf, SECOND)
    leaves(rolf)

    assert contacts_with_email(mia) == []
    assert all(is_kept_out(email, mia, by=otto) for email in (FIRST, SECOND))


def test_one_that_has_yet_to_begin_learns_of_emails_too(mia, otto, rolf, now):
    place(mia, FIRST, by=otto, first=TODAY.replace(day=20))
    moves(rolf, SECOND)
    leaves(rolf)
    now.move_to(rows.MORNING.replace(day=20))

    assert is_kept_out(SECOND, mia, by=otto)


def test_a_second_account_takes_it_along_to_its_next_emails(mia, noah, otto, rolf):
    """The restriction knows the first account, which is gone; the second one met it by the email."""
    place(mia, FIRST, by=otto)
    leaves(rolf)
    second = comes(FIRST, noah)
    moves(second, SECOND, THIRD)

    assert is_kept_out(SECOND, mia, by=otto)
    with db.writing(), pytest.raises(CodeRefused):
        redeem([mia.code.text], by=second, address=rows.ADDRESS)


def test_a_third_account_with_an_email_in_between_sees_nothing(mia, noah, otto, rolf):
    """Even one that is paired with her already, before the first day."""
    place(mia, FIRST, by=otto)
    moves(rolf, SECOND, THIRD)
    third = comes(SECOND, noah)

    with db.writing(), pytest.raises(CodeRefused):
        redeem([mia.code.text], by=third, address=rows.ADDRESS)
    assert not third.may(Permission.VIEW_CHILD, mia)


def test_staff_see_that_such_an_account_is_restricted(mia, otto, rolf, now):
    place(mia, FIRST, by=otto, first=TODAY.replace(day=20))
    moves(rolf, SECOND)
    leaves(rolf)
    again = comes(SECOND, mia)
    assert again.may(Permission.VIEW_CHILD, mia)
    now.move_to(rows.MORNING.replace(day=20))
    db.session.expire_all()

    listed = guardians_of(mia)
    assert [(each.email, each.is_barred) for each in listed.connected] == [(SECOND, True)]
    assert [each.emails for each in listed.notices] == [{"rolf@home.example", FIRST, SECOND}]
    assert notices_about(mia.live_pairings[0]) == listed.notices
    assert not db.session.get_one(Guardian, again.id).may(Permission.VIEW_CHILD, mia)


def test_a_restriction_for_a_sibling_knows_what_the_first_one_learned(mia, noah, otto, rolf):
    place(mia, FIRST, by=otto)
    moves(rolf, SECOND, THIRD)
    place(noah, THIRD, by=otto)

    assert all(is_kept_out(email, noah, by=otto) for email in (FIRST, SECOND))


def test_mail_that_waits_for_any_of_them_is_dropped(mia, noah, otto, rolf):
    place(mia, FIRST, by=otto)
    moves(rolf, SECOND, THIRD)
    with db.writing():
        for address in ("Rolf2@home.example", "minh@home.example"):
            send_instructions(noah, to=address, language=None, by=otto)
    place(noah, THIRD, by=otto)

    about_noah = select(OutboxMessage.to_address, OutboxMessage.failure).filter_by(student_id=noah.id)
    assert dict(db.session.execute(about_noah).all()) == {
        "Rolf2@home.example": "This person may not see the student at present.",
        "minh@home.example": None,
    }


def test_when_it_is_ended_none_of_them_is_barred(mia, otto, rolf):
    restriction = place(mia, FIRST, by=otto)
    moves(rolf, SECOND, THIRD)
    with db.writing():
        lift(restriction, by=otto, reason="The order was set aside.")

    assert [contact.email for contact in contacts_with_email(mia)] == ["Rolf2@home.example"]
    assert rolf.may(Permission.VIEW_CHILD, mia)
    moves(rolf, "rolf4@home.example")
    place(mia, "rolf4@home.example", by=otto)
    assert all(is_kept_out(email, mia, by=otto) for email in (FIRST, SECOND, THIRD))


def test_nobody_elses_email_is_barred(mia, noah, otto, grace, rolf):
    rows.paired(grace, mia)
    place(mia, FIRST, by=otto)
    moves(grace, "gracie@home.example")
    moves(rolf, SECOND)
    with db.writing():
        for address in ("gracie@home.example", "grace@home.example"):
            assert send_instructions(mia, to=address, language=None, by=otto)
        assert send_instructions(noah, to=SECOND, language=None, by=otto)
    assert db.session.get_one(Account, grace.id).may(Permission.VIEW_CHILD, mia)


def test_two_people_without_accounts_are_not_taken_for_one(mia, noah, otto):
    place(mia, FIRST, by=otto)
    place(noah, "uma@home.example", by=otto)

    with db.writing():
        assert send_instructions(noah, to=FIRST, language=None, by=otto)
    assert [each.emails for each in guardians_of(noah).notices] == [{"uma@home.example"}]


def test_an_email_they_gave_up_before_is_known(mia, noah, otto, rolf):
    """Such as the one on file, with which they signed up."""
    moves(rolf, SECOND, THIRD)
    place(mia, THIRD, by=otto)

    assert contacts_with_email(mia) == []
    assert all(is_kept_out(email, mia, by=otto) for email in (FIRST, SECOND))


def test_who_is_named_by_an_email_they_gave_up_is_found(mia, noah, otto, rolf):
    moves(rolf, SECOND, THIRD)
    place(mia, SECOND, by=otto)

    assert not rolf.may(Permission.VIEW_CHILD, mia)
    with pytest.raises(Refused, match="Access is restricted"), db.writing():
        send_instructions(mia, to=THIRD, language=None, by=otto)


def test_an_email_that_is_another_guardians_now_does_not_restrict_them(mia, otto, grace, rolf):
    rows.paired(grace, mia)
    moves(rolf, SECOND, THIRD)
    moves(grace, SECOND)
    place(mia, THIRD, by=otto)

    assert db.session.get_one(Guardian, grace.id).may(Permission.VIEW_CHILD, mia)
    assert not db.session.get_one(Guardian, rolf.id).may(Permission.VIEW_CHILD, mia)


def test_former_emails_go_with_the_account(mia, otto, rolf):
    moves(rolf, SECOND)
    leaves(rolf)

    assert db.session.scalars(select(FormerEmail)).all() == []
