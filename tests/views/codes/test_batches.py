"""Acts for many students: a page that says what will happen, the act, and what became of each."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal import clock, db
from portal.models import Batch, Event, EventKind, MessageKind, OutboxMessage, SignIn
from portal.models.accounts.alarms import MOST_UNREMARKED
from portal.models.accounts.sign_in import PASSWORD_LASTS
from portal.policy.permissions import AccessLevel
from portal.text.access_code import canonical, pretty
from tests import rows
from tests.browsing import post
from tests.statements import counted


def choose(browser: FlaskClient, act: str, *students, **fields) -> TestResponse:
    """Tick these and press the button of the act; without any, all that match."""
    ticks = {"ids": [student.public_id for student in students]} if students else {"all": "1"}
    return post(browser, f"/portal-access/{act}", **ticks, **fields)


def plan(browser: FlaskClient, act: str, *students, **fields) -> str:
    """The address of the page that says what will happen."""
    answer = choose(browser, act, *students, **fields)
    assert answer.status_code == 303, answer.text
    assert "/batches/" in answer.location
    return answer.location


def text_of(answer: TestResponse) -> str:
    return " ".join(re.sub("<.*?>", " ", answer.text).split())


def events(kind: EventKind) -> int:
    return db.session.scalars(select(func.count()).where(Event.kind == kind.value)).one()


def let_the_password_grow_old(account) -> None:
    with db.writing():
        for sign_in in db.session.scalars(select(SignIn).filter_by(account_id=account.id)):
            sign_in.password_given_at = clock.now() - PASSWORD_LASTS


def test_a_school_is_enabled(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "enable", school=cast.lincoln.public_id)

    before = text_of(otto.get(page))
    done = post(otto, page)
    after = text_of(otto.get(page))

    assert "5 students were chosen" in before
    assert "2 students get an access code each" in before
    assert "Enable 2 students" in before
    assert re.search(r"Have a code already \(3\).*Noah Adler.*Ines Delgado.*Mia Tran", before)
    assert (done.status_code, done.location) == (303, page)
    assert "2 students were enabled" in after
    assert re.search(r"Enabled \(2\).*Lucía Fernández Ortiz.*Emil Kowalski.*Had a code already \(3\)", after)
    assert cast.lucia.code is not None


def test_the_result_stays_the_same_when_it_is_sent_again(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "enable")
    post(otto, page)
    code = cast.code_of(cast.lucia)

    assert post(otto, page).status_code == 303

    assert cast.code_of(cast.lucia) == code
    assert "2 students were enabled" in text_of(otto.get(page))


@pytest.mark.parametrize("act", ["enable", "reset", "export"])
def test_nobody_ticked_is_a_sentence(cast, as_, act):
    otto = as_(cast.otto)

    answer = post(otto, f"/portal-access/{act}", homeroom="2A")

    assert answer.location == "/portal-access?homeroom=2A"
    assert "Nobody is chosen. Tick at least one student" in text_of(otto.get(answer.location))
    assert db.session.scalar(select(func.count(Batch.id))) == 0


def test_all_have_codes_already_is_said_and_offers_no_button(cast, as_):
    otto = as_(cast.otto)

    page = otto.get(plan(otto, "enable", cast.mia, cast.noah))

    assert "There is nothing to do" in page.text
    assert "All of them have an access code that works already" in page.text
    assert '<button class="button button-primary"' not in page.text


def test_one_id_out_of_reach_refuses_them_all(cast, as_):
    answer = choose(as_(cast.otto), "reset", cast.mia, cast.tomas)

    assert answer.status_code == 404
    assert db.session.scalar(select(func.count(Batch.id))) == 0


def test_whoever_moved_away_since_is_said_and_left_alone(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "enable", cast.lucia, cast.emil)
    with db.writing():
        cast.lucia.school_id = cast.riverside.id

    post(otto, page)
    result = text_of(otto.get(page))

    assert "1 student was enabled" in result
    assert "No longer in your reach (1)" in result
    assert "Lucía" not in result
    assert cast.lucia.code is None


def test_resetting_says_that_letters_die_and_wants_the_password(cast, as_):
    otto, old = as_(cast.otto), cast.code_of(cast.mia)
    page = plan(otto, "reset", cast.mia)
    let_the_password_grow_old(cast.otto)

    asked = text_of(otto.get(page))
    without, wrong = post(otto, page), post(otto, page, password="not mine")
    unchanged = cast.code_of(cast.mia)
    right = post(otto, page, password=cast.password_of(cast.otto))

    assert "The codes on letters already sent stop working now." in asked
    assert "Your password" in asked
    assert (without.status_code, wrong.status_code, right.status_code) == (422, 422, 303)
    assert "Enter your password." in without.text
    assert "This is not your password." in wrong.text
    assert unchanged == old != cast.code_of(cast.mia)
    assert "Your password" not in text_of(otto.get(plan(otto, "reset", cast.mia)))


def test_enabling_asks_for_no_password(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "enable", cast.lucia)
    let_the_password_grow_old(cast.otto)

    assert post(otto, page).status_code == 303
    assert cast.lucia.code is not None


def test_a_plan_is_its_authors_alone(cast, as_):
    page = plan(as_(cast.otto), "enable", cast.lucia)

    assert as_(cast.hana).get(page).status_code == 404
    assert post(as_(cast.hana), page).status_code == 404
    assert cast.lucia.code is None


def test_the_csv_holds_every_code_that_works(cast, as_):
    otto = as_(cast.otto)
    answer = post(otto, plan(otto, "export", homeroom="2A"))
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    mia = dict(zip(head, lines[1], strict=True))

    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(
        r'attachment; filename="access-codes-[\d-]+\.csv"', answer.headers["Content-Disposition"]
    )
    assert head == [
        "School", "Grade", "Homeroom", "Student number", "Student", "Code", "Link", "Language", "Expires",
    ]  # fmt: skip
    assert [line[4] for line in lines] == ["Noah Adler", "Mia Tran"], "Emil has no code that works"
    assert mia == {
        "School": "Lincoln Elementary", "Grade": "Grade 2", "Homeroom": "2A", "Student number": "10201",
        "Student": "Mia Tran", "Code": pretty(cast.code_of(cast.mia)),
        "Link": f"http://localhost/join#{cast.code_of(cast.mia)}", "Language": "vi",
        "Expires": cast.mia.code.last_day(cast.lincoln.time_zone).isoformat(),
    }  # fmt: skip
    assert canonical(mia["Link"]) == cast.code_of(cast.mia)
    assert (events(EventKind.CODE_SHOWN), events(EventKind.CODES_EXPORTED)) == (2, 1)


def test_the_csv_is_sent_once_and_asked_for_with_the_password(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "export", cast.mia, cast.lucia)
    let_the_password_grow_old(cast.otto)

    assert post(otto, page).status_code == 422
    assert post(otto, page, password=cast.password_of(cast.otto)).content_type.startswith("text/csv")
    again = post(otto, page)

    assert (again.status_code, again.location) == (303, page)
    assert "1 code downloaded" in text_of(otto.get(page))
    assert events(EventKind.CODES_EXPORTED) == 1


def test_no_cell_is_a_formula(cast, as_):
    with db.writing():
        cast.mia.given_name, cast.mia.family_name = '=HYPERLINK("http://x")', ""
        cast.mia.student_number = "\t@SUM(1)"
        cast.class_2a.title = " -2+3"
    otto = as_(cast.otto)

    lines = list(csv.reader(io.StringIO(post(otto, plan(otto, "export", cast.mia)).data.decode("utf-8-sig"))))

    assert [lines[1][place] for place in (2, 3, 4)] == ["' -2+3", "'\t@SUM(1)", '\'=HYPERLINK("http://x")']


def test_admins_hear_of_codes_taken_out_by_the_hundred_once(app, as_):
    school = rows.school()
    office = rows.staff(school)
    for number in range(MOST_UNREMARKED + 1):
        rows.enabled(rows.student(school, f"Kim Student{number}"), office)
    principal = rows.staff(school, AccessLevel.SCHOOL_ADMIN, "Hana Principal")
    browser = as_(office)

    mails = []
    for _time in range(3):
        post(browser, plan(browser, "export"))
        mails.append(_alarms())

    assert mails == [[principal.email]] * 3


def _alarms() -> list[str]:
    mails = select(OutboxMessage.to_address).where(OutboxMessage.kind == MessageKind.REVEAL_ALARM.value)
    return list(db.session.scalars(mails))


def test_a_page_of_one_fate_has_all_names(app, as_):
    school = rows.school()
    office = rows.staff(school)
    for number in range(130):
        rows.student(school, f"Kim Student{number:03}")
    browser = as_(office)
    page = plan(browser, "enable")

    some = browser.get(page).text
    more = browser.get(f"{page}?fate=done").text
    rest = browser.get(re.search(r'href="([^"]*after=[^"]*)"', more)[1].replace("&amp;", "&")).text

    assert "See all 130" in some
    assert [len(re.findall("Kim <b>Student", each)) for each in (some, more, rest)] == [12, 100, 30]
    assert '<form method="post" action="/portal-access/batches' not in more


@pytest.mark.parametrize("size", [1, 60])
def test_the_page_asks_as_much_for_many_as_for_one(app, as_, size):
    school = rows.school()
    office = rows.staff(school)
    for number in range(size):
        rows.student(school, f"Kim Student{number:03}")
    browser = as_(office)
    page = plan(browser, "enable")

    with counted() as statements:
        browser.get(page)

    assert len(statements) <= 6


def test_a_plan_says_first_why_some_are_left_out(cast, as_):
    otto = as_(cast.otto)
    page = plan(otto, "reset", school=cast.lincoln.public_id)

    planned = otto.get(page).text
    assert planned.index("No code that works") < planned.index("To be reset")
    assert "#circle-check" not in planned.partition("To be reset")[0].rpartition("<h2")[2]
    post(otto, page)
    done = otto.get(page).text
    assert done.index("Reset <") < done.index("No code that works")
