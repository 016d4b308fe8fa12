"""The list of students, and the page of one."""

import re

import pytest
import time_machine
from sqlalchemy import select

from portal import clock, db
from portal.models import (
    ClassKind,
    Enrolment,
    Event,
    EventKind,
    NetworkMembership,
    PortfolioSchool,
    SchoolClass,
    Student,
)
from portal.models.students.student import name_keys
from tests import rows
from tests.browsing import get
from tests.statements import counted

NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"


def names_on(page: str) -> list[str]:
    links = re.findall(r'<tr><th scope="row"><a [^>]*>(.*?)</a>', page)
    return [re.sub("<.*?>", "", link).strip() for link in links]


def crowd(school, size: int, *, grade: int = 4) -> None:
    """So many students, A0 to Z9 and on, straight into the table."""
    homeroom = rows.stored(SchoolClass(school_id=school.id, kind=ClassKind.HOMEROOM.value, title="4A"))
    with db.writing():
        db.session.execute(
            Student.__table__.insert(),
            [
                {
                    "public_id": f"{school.id}-{number:018d}",
                    "school_id": school.id,
                    "homeroom_id": homeroom.id,
                    "given_name": "Kim",
                    "family_name": f"Student {number:05d}",
                    "grade": grade,
                    "guardian_limit": 6,
                    **name_keys(given="Kim", family=f"Student {number:05d}"),
                }
                for number in range(size)
            ],
        )


def test_students_come_by_family_name(cast, as_):
    names = names_on(as_(cast.otto).get("/students").text)

    assert names == ["Noah Adler", "Ines Delgado", "Lucía Fernández Ortiz", "Emil Kowalski", "Mia Tran"]


def test_each_row_says_where_the_student_stands(cast, as_):
    page = as_(cast.otto).get("/students").text
    words = dict(zip(names_on(page), re.findall(r'class="badge status [^"]*">(.*?)<', page), strict=True))

    assert words == {
        "Noah Adler": "Waiting for the family",
        "Ines Delgado": "Paired (1)",
        "Lucía Fernández Ortiz": "Not enabled",
        "Emil Kowalski": "Expired",
        "Mia Tran": "Paired (2)",
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lucia", ["Lucía Fernández Ortiz"]),
        ("q=ORTIZ+luc", ["Lucía Fernández Ortiz"]),
        ("q=10202", ["Noah Adler"]),
        ("q=%25", []),
        ("q=_", []),
        ("homeroom=2B", ["Ines Delgado", "Lucía Fernández Ortiz"]),
        ("grade=3", []),
    ],
)
def test_searching_and_narrowing(cast, as_, query, found):
    assert names_on(as_(cast.otto).get(f"/students?{query}").text) == found


def test_nonsense_in_the_address_is_left_aside(cast, as_):
    assert len(names_on(as_(cast.otto).get("/students?grade=x&homeroom=").text)) == 5


def test_students_who_left_are_found_by_searching_only(cast, as_):
    browser = as_(cast.otto)

    assert "Leo Okafor" not in names_on(browser.get("/students").text)
    assert names_on(browser.get("/students?q=leo").text) == ["Leo Okafor"]


def test_a_teacher_sees_their_caseload(cast, as_):
    assert names_on(as_(cast.ada).get("/students").text) == ["Noah Adler", "Emil Kowalski", "Mia Tran"]


def test_an_empty_caseload_explains_itself(cast, as_):
    with db.writing():
        for enrolment in db.session.scalars(select(Enrolment)):
            enrolment.ended_at = clock.now()

    assert "Your caseload is empty" in as_(cast.ada).get("/students").text


def test_a_school_without_students_says_so(app, as_):
    office = rows.staff(rows.school())

    assert "No students yet" in as_(office).get("/students").text


def test_finding_nobody_offers_everybody(cast, as_):
    page = as_(cast.otto).get("/students?q=zzz").text

    assert "Nobody found" in page
    assert "Show all students" in page


def test_people_of_several_schools_pick_one(cast, as_):
    browser = as_(cast.nora)

    page = browser.get(f"/students?school={cast.riverside.public_id}").text

    assert names_on(page) == ["Tomás Delgado"]
    assert all(school in page for school in ("Lincoln", "Riverside", "Jefferson"))


def test_a_foreign_school_is_one_that_does_not_exist(cast, as_):
    browser = as_(cast.otto)

    with time_machine.travel(clock.now(), tick=False):  # the form's token holds the time
        foreign = browser.get(f"/students?school={cast.riverside.public_id}")
        never = browser.get(f"/students?school={NOBODY}")

    assert foreign.status_code == never.status_code == 404
    assert foreign.text == never.text


def test_an_empty_portfolio_is_explained(cast, as_):
    with db.writing():
        membership = db.session.scalar(select(NetworkMembership).filter_by(staff_id=cast.paul.id))
        membership.portfolio_is_all = False
        db.session.execute(PortfolioSchool.__table__.delete())

    assert "none is in your portfolio yet" in as_(cast.paul).get("/students").text


def test_network_level_only_is_refused_here(cast, as_):
    assert as_(cast.ona).get("/students").status_code == 403


def test_pages_follow_each_other_without_gap_or_repetition(app, as_):
    school = rows.school()
    crowd(school, 120)
    browser = as_(rows.staff(school))

    address, seen = "/students", []
    while address:
        page = browser.get(address).text
        seen += names_on(page)
        further = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = further[1].replace("&amp;", "&") if further else None

    assert seen == [f"Kim Student {number:05d}" for number in range(120)]


def test_htmx_gets_the_next_rows_only(app, as_):
    school = rows.school()
    crowd(school, 60)

    part = get(as_(rows.staff(school)), f"/students?after={school.id}-{49:018d}", htmx=True).text

    assert names_on(part)[0] == "Kim Student 00050"
    assert "<table" not in part
    assert 'id="more" hx-swap-oob="true"' in part


def test_a_place_in_another_school_leads_nowhere(cast, as_):
    page = as_(cast.otto).get(f"/students?after={cast.tomas.public_id}").text

    assert names_on(page) == []


def test_counting_stops_at_a_thousand(app, as_):
    school = rows.school()
    crowd(school, 1001)

    assert "1,000+ students" in as_(rows.staff(school)).get("/students").text


@pytest.mark.parametrize("size", [1, 50, 2000])
def test_the_list_asks_as_much_for_many_as_for_one(app, as_, size):
    school = rows.school()
    crowd(school, size)
    browser = as_(rows.staff(school))
    browser.get("/students")  # a process asks once what a roster's filters offer

    with counted() as statements:
        page = browser.get("/students")

    assert len(statements) <= 4
    assert statements.commits == 0
    assert len(page.data) <= 20_000


def test_the_overview_tells_what_the_roster_says(cast, as_):
    page = as_(cast.otto).get(f"/students/{cast.mia.public_id}").text

    assert all(
        words in page
        for words in ("Mia", "10201", "Grade 2", "Ada Lindqvist", "Music 2A", "minh@example.com")
    )
    assert 'As of <time datetime="' in page
    assert "From the roster." in page


def test_looking_at_a_student_is_on_record(cast, as_):
    as_(cast.vera).get(f"/students/{cast.mia.public_id}")

    newest = db.session.scalar(select(Event).order_by(Event.id.desc()).limit(1))
    assert (newest.kind, newest.account_id, newest.student_id) == (
        EventKind.STUDENT_VIEWED.value,
        cast.vera.id,
        cast.mia.id,
    )


@pytest.mark.parametrize("page", ["", "/portal-access", "/login-instructions", "/login-instructions.pdf"])
def test_a_foreign_student_is_one_who_does_not_exist(cast, as_, page):
    browser = as_(cast.sam)

    with time_machine.travel(clock.now(), tick=False):  # the form's token holds the time
        foreign = browser.get(f"/students/{cast.mia.public_id}{page}")
        never = browser.get(f"/students/{NOBODY}{page}")

    assert foreign.status_code == never.status_code == 404
    assert foreign.text == never.text


def test_only_tabs_that_hold_something_are_shown(cast, as_):
    page = as_(cast.otto).get(f"/students/{cast.mia.public_id}").text
    tabs = re.search(r'<nav class="tabs.*?</nav>', page, re.DOTALL)[0]

    assert re.findall(r"<bdi>(.*?)</bdi>", tabs) == ["Overview", "Supports", "Notes", "Portal Access"]


def test_years_do_not_matter_to_who_is_listed(app, as_):
    school = rows.school(year=None)
    rows.student(school, "Mia Sullivan")

    assert names_on(as_(rows.staff(school)).get("/students").text) == ["Mia Sullivan"]


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("priya", '<a href="/caseload" aria-current="true">'),
        ("otto", '<a href="/students" aria-current="true">'),
    ],
)
def test_a_student_leads_back_to_where_one_looks_for_students(cast, as_, who, home):
    page = as_(getattr(cast, who)).get(f"/students/{cast.noah.public_id}").text

    assert home in page
    assert page.count('aria-current="true"') == 1
    crumb = {"priya": ("caseload", "My Caseload"), "otto": ("students", "Students")}[who]
    assert re.search(rf'class="crumb" href="/{crumb[0]}\?school=[\w-]+">.*{crumb[1]}</a>', page)


def test_the_list_itself_is_students_for_everybody(cast, as_):
    assert '<a href="/students" aria-current="true">' in as_(cast.priya).get("/students").text
