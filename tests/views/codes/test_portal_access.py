"""The Portal Access tab: where a student stands, and the acts that change it."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select

from portal import clock, db
from portal.models import AccessCode, Event, EventKind, SchoolYear, Student
from tests import rows
from tests.browsing import get, post
from tests.statements import counted

NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"


def tab(student) -> str:
    return f"/students/{student.public_id}/portal-access"


def kinds_of_events(student) -> list[str]:
    return list(db.session.scalars(select(Event.kind).filter_by(student_id=student.id).order_by(Event.id)))


def buttons_on(page: str) -> list[str]:
    found = re.findall(r'<(?:a|button) class="button button-[a-z-]+"[^>]*>(?:<svg.*?</svg>)?([^<]+)<', page)
    return [label.strip() for label in found]


def test_never_enabled_shows_one_button(cast, as_):
    page = as_(cast.otto).get(tab(cast.lucia)).text

    assert buttons_on(page) == ["Enable Parent/Guardian Login"]
    assert "Nobody is connected yet" in page


def test_enabled_shows_the_ways_to_hand_the_code_on(cast, as_):
    page = as_(cast.otto).get(tab(cast.mia)).text

    assert buttons_on(page) == [
        "View Login Instructions",
        "Download Login Instructions",
        "Email…",
        "Reset Access Code",
        "Revoke…",
        "Revoke…",
    ]
    assert "Paired (2)" in page
    assert "Code expires on" in page
    assert cast.code_of(cast.mia) not in page.replace("-", "")


def test_enabling_leads_to_the_instructions(cast, as_):
    browser = as_(cast.otto)

    response = post(browser, f"/students/{cast.lucia.public_id}/access-code")

    assert response.status_code == 303
    assert browser.get(response.location).status_code == 200
    assert kinds_of_events(cast.lucia)[-2:] == [EventKind.CODE_ENABLED.value, EventKind.CODE_SHOWN.value]


def test_enabling_by_htmx_opens_the_instructions_at_once(cast, as_):
    response = post(as_(cast.otto), f"/students/{cast.lucia.public_id}/access-code", htmx=True)

    assert 'hx-target="#dialog"' in response.text
    assert "-".join(re.findall("....", cast.code_of(cast.lucia))) in response.text
    assert response.text.startswith('<div id="code">')
    assert EventKind.CODE_SHOWN.value in kinds_of_events(cast.lucia)


def test_two_staff_who_enable_at_once_see_the_same_code(cast, as_):
    address = f"/students/{cast.lucia.public_id}/access-code"
    hers, his = post(as_(cast.hana), address, htmx=True).text, post(as_(cast.otto), address, htmx=True).text

    codes = {re.search(r'data-copy-text="([^"]+)"', page)[1] for page in (hers, his)}
    assert len(codes) == 1
    assert db.session.scalar(select(func.count()).where(AccessCode.student_id == cast.lucia.id)) == 1


def test_an_expired_code_can_be_made_anew(cast, as_):
    browser = as_(cast.otto)
    page = browser.get(tab(cast.emil)).text

    post(browser, f"/students/{cast.emil.public_id}/access-code")

    assert "Expired" in page
    assert buttons_on(page) == ["Make a New Access Code"]
    assert "Waiting for the family" in browser.get(tab(cast.emil)).text


def test_a_student_who_left_gets_no_code(cast, as_):
    browser = as_(cast.otto)
    page = browser.get(tab(cast.leo)).text

    refused = post(browser, f"/students/{cast.leo.public_id}/access-code")

    assert buttons_on(page) == []
    assert "Leo Okafor left the school, so there is no access code to give out." in page
    assert refused.status_code == 409
    assert "Leo Okafor is no longer at this school." in refused.text


def test_without_a_school_year_the_tab_says_what_is_missing(app, as_):
    school = rows.school(year=None)
    student, office = rows.student(school), rows.staff(school)
    browser = as_(office)

    refused = post(browser, f"/students/{student.public_id}/access-code")

    assert "Lincoln has no current school year" in browser.get(tab(student)).text
    assert refused.status_code == 409
    assert db.session.scalar(select(AccessCode.id)) is None


def test_a_code_whose_year_is_gone_has_expired(cast, as_):
    with db.writing():
        db.session.execute(delete(SchoolYear).where(SchoolYear.school_id == cast.lincoln.id))

    page = as_(cast.otto).get(tab(cast.mia)).text

    assert "Expired" in page
    assert "has no current school year" in page


def test_expiry_is_decided_where_the_school_is(app, as_):
    school = rows.school(time_zone="America/Los_Angeles")
    office, student = rows.staff(school), rows.student(school)
    with time_machine.travel(rows.MORNING, tick=False) as moment:
        rows.enabled(student, office)
        ends = db.session.scalar(select(SchoolYear.ends_at))
        moment.move_to(ends - timedelta(seconds=1))
        before = as_(office).get(tab(student)).text
        moment.move_to(ends)
        after = as_(office).get(tab(student)).text

    assert "Waiting for the family" in before
    assert "Code expires on Jun 26, 2027" in before
    assert "The last day was Jun 26, 2027" in after


def test_guardians_are_listed_with_email_and_date(cast, as_):
    page = as_(cast.otto).get(tab(cast.mia)).text

    assert re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', page) == ["Grace Tran", "Minh Tran"]
    assert cast.grace.email in page.replace("<wbr>", "")
    assert page.count('aria-label="Manage Access of') == 2
    assert page.count("Revoke…</a>") == 2
    assert "Manage Access</th>" in page


@pytest.mark.parametrize("viewer", ["vera", "carl", "nora"])
def test_who_may_only_look_sees_guardians_but_no_code_and_no_button(cast, as_, viewer):
    student = cast.mia
    browser = as_(getattr(cast, viewer))

    page = browser.get(tab(student)).text

    assert "Grace Tran" in page
    assert buttons_on(page) == []
    assert "Manage Access" not in page
    assert "Change the limit" not in page
    assert post(browser, f"/students/{student.public_id}/access-code").status_code == 403
    assert browser.get(f"/students/{student.public_id}/login-instructions").status_code == 403


def test_what_happened_is_told_in_plain_words(cast, as_):
    browser = as_(cast.otto)
    post(browser, f"/students/{cast.mia.public_id}/guardian-limit", limit="8")
    browser.get(f"/students/{cast.mia.public_id}/login-instructions.pdf")

    told = re.findall(r"<li><span>(.*?)\s*</span>", browser.get(tab(cast.mia)).text)

    assert told == [
        "Otto Brandt downloaded the login instructions",
        "Otto Brandt set the limit to 8 guardians",
        "Minh Tran paired with the access code",
        "Grace Tran paired with the access code",
        "Otto Brandt enabled parent/guardian login",
    ]


def test_old_codes_that_were_tried_are_counted_since_the_present_one(cast, as_):
    with db.writing():
        for _ in range(3):
            Event.record(EventKind.OLD_CODE_TRIED, student_id=cast.mia.id)
        Event.record(EventKind.OLD_CODE_TRIED, student_id=cast.noah.id)
    browser = as_(cast.otto)

    assert "An old code was tried 3 times" in browser.get(tab(cast.mia)).text
    with time_machine.travel(clock.now() + timedelta(minutes=1)), db.writing():
        AccessCode.replace(cast.mia, by=cast.otto)
    assert "An old code was tried" not in browser.get(tab(cast.mia)).text


def test_every_part_can_be_swapped_alone(cast, as_):
    part = get(as_(cast.otto), tab(cast.mia), htmx=True).text

    assert re.findall(r'<div id="(\w+)"( hx-swap-oob="true")?>', part) == [
        ("code", ""),
        ("guardians", ' hx-swap-oob="true"'),
        ("history", ' hx-swap-oob="true"'),
    ]


def test_who_opened_the_tab_is_recorded_and_not_retold(cast, as_):
    browser = as_(cast.otto)
    browser.get(tab(cast.mia))

    assert kinds_of_events(cast.mia)[-1] == EventKind.PORTAL_ACCESS_VIEWED.value
    assert "portal access viewed" not in browser.get(tab(cast.mia)).text


@pytest.mark.parametrize("guardians", [1, 20])
def test_the_tab_asks_four_times_whatever_the_rows(app, as_, guardians):
    school = rows.school()
    office, student = rows.staff(school), rows.student(school, guardian_limit=20)
    rows.enabled(student, office)
    for number in range(guardians):
        rows.paired(rows.guardian(f"G{number} Sullivan"), db.session.get(Student, student.id))
    browser, address = as_(office), tab(student)

    with counted() as statements:
        browser.get(address)

    assert len(statements) == 4


def test_the_tab_is_a_small_page(cast, as_):
    assert len(as_(cast.otto).get(tab(cast.mia)).data) <= 8192


def test_enabling_is_one_commit_and_few_statements(cast, as_):
    browser = as_(cast.otto)
    token_first = f"/students/{cast.lucia.public_id}/access-code"
    browser.get(tab(cast.lucia))

    with counted() as statements:
        post(browser, token_first)

    assert statements.commits == 1
    assert len(statements) <= 10


def test_the_limit_can_be_raised(cast, as_):
    browser = as_(cast.otto)

    response = post(browser, f"/students/{cast.mia.public_id}/guardian-limit", limit="12")

    assert response.status_code == 303
    assert "Up to 12 guardians" in browser.get(tab(cast.mia)).text


@pytest.mark.parametrize("limit", ["0", "21", "", "many"])
def test_a_limit_outside_1_to_20_is_refused(cast, as_, limit):
    response = post(as_(cast.otto), f"/students/{cast.mia.public_id}/guardian-limit", limit=limit)

    assert response.status_code == 422
    assert "from 1 to 20" in response.text
    assert cast.mia.guardian_limit == 6
