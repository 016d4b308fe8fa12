"""Restrictions: access, mail and pairing stop on the day and come back after it; nobody else is touched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.db import Refused
from portal.models import AccessCode, Event, EventKind, Guardian, Pairing, Restriction
from portal.models.accounts.own_account import close, confirm_email
from portal.models.guardians.list import guardians_of
from portal.models.guardians.redemption import CodeRefused, redeem, still_usable
from portal.models.guardians.restricting import lift
from portal.models.guardians.sign_up import Applicant, sign_up
from portal.policy.permissions import Permission
from portal.text import access_code
from tests import rows
from tests.models.orders import TODAY, place

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def minh(mia, otto, grace):
    """Mia's other parent; both are paired."""
    rows.enabled(mia, otto)
    rows.paired(grace, mia)
    minh = rows.guardian("Minh Sullivan")
    rows.paired(minh, mia)
    return minh


def sees(guardian, student) -> bool:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Guardian, guardian.id).may(Permission.VIEW_CHILD, student)


def tries(guardian, student) -> bool:
    """Whether presenting the student's code pairs, or would."""
    try:
        with db.writing():
            return _redeemed(guardian, student)
    except Refused:
        return False


def _redeemed(guardian, student) -> bool:
    try:
        return bool(redeem([student.code.text], by=guardian, address=rows.ADDRESS))
    except CodeRefused:
        return False


def kinds(student) -> list[str]:
    return list(db.session.scalars(select(Event.kind).filter_by(student_id=student.id).order_by(Event.id)))


def test_access_stops_at_once_for_that_guardian_and_that_student_alone(mia, otto, grace, minh):
    noah = rows.student(mia.school, "Noah Sullivan")
    rows.enabled(noah, otto)
    rows.paired(grace, noah)
    place(mia, grace.email, by=otto)

    assert not sees(grace, mia)
    assert sees(grace, noah)
    assert sees(minh, mia)


def test_the_pairing_sleeps_and_wakes_when_the_restriction_is_ended(mia, otto, grace, minh):
    restriction = place(mia, grace.email, by=otto)
    before = db.session.scalars(select(Pairing.id).filter_by(revoked_at=None)).all()
    with db.writing():
        lift(restriction, by=otto, reason="The order was set aside.")

    assert sees(grace, mia)
    assert db.session.scalars(select(Pairing.id).filter_by(revoked_at=None)).all() == before
    assert (restriction.ended_by_id, restriction.ending_reason) == (otto.id, "The order was set aside.")


def test_it_says_by_whom_when_why_and_by_which_paper(mia, otto, grace, minh):
    place(mia, grace.email, by=otto)

    (notice,) = guardians_of(mia).notices
    assert (notice.name, notice.email) == ("Grace Sullivan", "grace@home.example")
    assert (notice.reason, notice.document) == ("The court decided on 3 November.", "Docket 26-114")
    assert (notice.placed_by, notice.placed_at, notice.last_day) == ("Otto Office", rows.MORNING, None)
    assert [(each.email, each.is_barred) for each in guardians_of(mia).connected] == [
        ("grace@home.example", True),
        ("minh@home.example", False),
    ]


@pytest.mark.parametrize(
    ("hour", "holds"),
    [
        (datetime(2026, 11, 17, 4, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 17, 5, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 4, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 21, 5, 0, 0, tzinfo=UTC), False),
    ],
)
def test_it_holds_from_the_first_midnight_to_the_last_where_the_school_is(
    mia, otto, grace, minh, now, hour, holds
):
    place(mia, grace.email, by=otto, first=date(2026, 11, 17), last=date(2026, 11, 20))
    assert sees(grace, mia)
    now.move_to(hour)

    assert sees(grace, mia) is not holds
    assert tries(grace, mia) is not holds


def test_a_clock_set_back_does_not_lift_one_that_holds(mia, otto, grace, minh, now):
    place(mia, grace.email, by=otto)
    now.shift(-timedelta(days=400))

    assert not sees(grace, mia)


def test_who_is_restricted_gets_the_one_answer_counted_and_recorded(mia, otto, grace, minh):
    restriction = place(mia, grace.email, by=otto)

    assert not tries(grace, mia)
    event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
    assert event.kind == EventKind.RESTRICTED_CODE_TRIED
    assert (event.account_id, event.student_id) == (grace.id, mia.id)
    assert event.details == {"restriction": restriction.id}
    assert guardians_of(mia).notices[0].tries == 1
    for _try in range(4):
        tries(grace, mia)
    with pytest.raises(Refused, match="Too many"), db.writing():
        redeem([mia.code.text], by=grace, address=rows.ADDRESS)


def test_nothing_of_the_student_is_shown_before_pairing_either(mia, otto, grace, minh):
    code = mia.code.text
    place(mia, grace.email, by=otto)

    assert still_usable([code], by=grace) == {}
    assert still_usable([code], by=minh).keys() == {code}


def test_a_new_code_does_not_help(mia, otto, grace, minh):
    place(mia, grace.email, by=otto)
    with db.writing():
        AccessCode.replace(mia, by=otto)

    assert not tries(grace, mia)


def test_the_code_is_replaced_when_asked_for(mia, otto, grace, minh):
    before = mia.code.text
    place(mia, grace.email, by=otto, replaces_code=True)

    db.session.expire_all()
    assert mia.code.text != before


def test_without_a_code_none_is_made(mia, otto, grace):
    place(mia, grace.email, by=otto, replaces_code=True)

    assert mia.code is None


def test_somebody_who_is_not_paired_is_restricted_by_email(mia, otto):
    rows.enabled(mia, otto)
    place(mia, "Rolf@Home.Example", by=otto)

    assert not tries(rows.guardian("Rolf Sullivan"), mia)
    assert guardians_of(mia).notices[0].name is None


def test_nobody_signs_up_with_a_restricted_email(mia, otto):
    rows.enabled(mia, otto)
    place(mia, "rolf@home.example", by=otto)
    applicant = Applicant("rolf@home.example", "Rolf", "Sullivan", "", "en", email_is_proven=True)

    with db.writing(), pytest.raises(CodeRefused):
        sign_up([mia.code.text], applicant, address=rows.ADDRESS)

    assert Guardian.with_email("rolf@home.example") is None
    assert kinds(mia)[-1] == "restricted code tried"


def test_another_account_with_the_same_email_is_restricted_too(mia, otto, grace, minh):
    noah = rows.student(mia.school, "Noah Sullivan")
    rows.enabled(noah, otto)
    place(mia, grace.email, by=otto)
    email = grace.email
    with db.writing():
        close(grace)
    applicant = Applicant(email, "Gracie", "S", "", "en", email_is_proven=True)
    with db.writing():
        second = sign_up([noah.code.text], applicant, address=rows.ADDRESS)

    assert not tries(second, mia)
    assert not sees(second, mia)


@pytest.mark.parametrize("is_paired", [True, False])
def test_another_email_does_not_help(mia, otto, is_paired):
    rows.enabled(mia, otto)
    rolf = rows.guardian("Rolf Sullivan")
    if is_paired:
        rows.paired(rolf, mia)
    place(mia, rolf.email, by=otto)
    with db.writing():
        confirm_email(rolf, "someone.else@home.example")

    assert not tries(rolf, mia)
    assert not sees(rolf, mia)


def test_an_account_made_after_the_restriction_takes_it_along_to_its_next_email(mia, otto):
    rows.enabled(mia, otto)
    place(mia, "rolf@home.example", by=otto)
    rolf = rows.guardian("Rolf Sullivan")
    with db.writing():
        confirm_email(rolf, "someone.else@home.example")

    assert not tries(rolf, mia)


def test_a_staff_account_with_that_email_is_another_person(mia, otto):
    place(mia, otto.email, by=otto)
    with db.writing():
        confirm_email(otto, "otto.brandt@school.example")

    assert guardians_of(mia).notices[0].guardian_id is None
    assert otto.may(Permission.VIEW_STUDENT, mia)


def test_after_the_last_day_pairing_works_as_before(mia, otto, now):
    rows.enabled(mia, otto)
    rolf = rows.guardian("Rolf Sullivan")
    place(mia, rolf.email, by=otto, last=date(2026, 12, 1))
    assert not tries(rolf, mia)
    now.move_to(datetime(2026, 12, 2, 5, 0, tzinfo=UTC))

    assert tries(rolf, mia)
    assert guardians_of(mia).notices == []


def test_one_person_is_restricted_once_at_a_time(mia, otto, grace):
    place(mia, grace.email, by=otto)

    with pytest.raises(Refused, match="restricted already"):
        place(mia, grace.email.upper(), by=otto)


def test_one_whose_last_day_passed_makes_room_for_the_next(mia, otto, grace, minh, now):
    first = place(mia, grace.email, by=otto, last=TODAY)
    now.shift(timedelta(days=2))
    place(mia, grace.email, by=otto, first=date(2026, 11, 18))

    assert not sees(grace, mia)
    assert first.ended_at == first.ends_at == clock.end_of(TODAY, "America/New_York")


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 11, 20), date(2026, 11, 19)), (date(2026, 11, 1), date(2026, 11, 15))]
)
def test_days_that_make_no_sense_are_refused(mia, otto, grace, first, last):
    with pytest.raises(Refused, match="last day"):
        place(mia, grace.email, by=otto, first=first, last=last)

    assert db.session.scalar(select(Restriction.id)) is None


def test_ending_it_twice_keeps_the_first_author(mia, otto, grace):
    restriction = place(mia, grace.email, by=otto)
    hana = rows.staff(mia.school, name="Hana Head")
    for author in (otto, hana):
        with db.writing():
            lift(restriction, by=author, reason=f"So says {author.given_name}")

    db.session.expire_all()
    assert restriction.ending_reason == "So says Otto"
    assert kinds(mia) == ["access restricted", "restriction ended"]


def test_a_wrong_code_and_a_restricted_one_are_counted_alike(mia, otto, grace, minh):
    place(mia, grace.email, by=otto)
    for code in (mia.code.text, access_code.draw()):
        with db.writing(), pytest.raises(CodeRefused, match="can't be used"):
            redeem([code], by=grace, address=rows.ADDRESS)

    recorded = select(Event.kind).where(Event.kind.like("%tried")).order_by(Event.id)
    assert list(db.session.scalars(recorded)) == ["restricted code tried", "wrong code tried"]
