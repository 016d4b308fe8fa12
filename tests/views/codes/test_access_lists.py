"""The page Student/Parent Portal Access."""

import re

import pytest
import time_machine
from sqlalchemy import select

from portal import clock, db
from portal.models import Membership, SchoolClass, Student
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import get
from tests.statements import counted
from tests.views.students.test_students import NOBODY, crowd


def names_on(page: str) -> list[str]:
    links = re.findall(r'<th scope="row"><a [^>]*>(.*?)</a>', page)
    return [re.sub("<.*?>", "", link).strip() for link in links]


def cells_of(page: str, name: str) -> list[str]:
    """Of the row that ticks this student; without tags."""
    row = re.search(rf'aria-label="{name}".*?</tr>', page, re.DOTALL)
    return [re.sub("<.*?>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row[0], re.DOTALL)]


def test_each_student_is_there_with_what_counts(cast, as_):
    page = as_(cast.otto).get("/portal-access").text

    assert names_on(page) == [
        "Noah Adler",
        "Ines Delgado",
        "Lucía Fernández Ortiz",
        "Emil Kowalski",
        "Mia Tran",
    ]
    assert cells_of(page, "Mia Tran") == ["Grade 2", "2A", "Paired (2)", "–", "2"]
    assert cells_of(page, "Lucía Fernández Ortiz") == ["Grade 2", "2B", "Not enabled", "–", "–"]
    assert "5 students" in page
    assert "All 5 that match" in page


def test_a_caseload_editor_has_the_caseload(cast, as_):
    assert names_on(as_(cast.ada).get("/portal-access").text) == ["Noah Adler", "Emil Kowalski", "Mia Tran"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lucia", ["Lucía Fernández Ortiz"]),
        ("homeroom=2B", ["Ines Delgado", "Lucía Fernández Ortiz"]),
        ("class=Music+2B", ["Ines Delgado", "Lucía Fernández Ortiz"]),
        ("status=waiting", ["Noah Adler"]),
        ("status=unpaired&homeroom=2A", ["Noah Adler", "Emil Kowalski"]),
        ("grade=2&status=paired&q=tran", ["Mia Tran"]),
        ("status=nonsense&grade=x&sort=nonsense&class=", ["Noah Adler", "Ines Delgado"]),
        ("class=Algebra", []),
    ],
)
def test_narrowing(cast, as_, query, found):
    assert names_on(as_(cast.otto).get(f"/portal-access?{query}").text)[: len(found) or 5] == found


def test_the_last_letter_with_the_present_code_is_told(cast, as_):
    with db.writing():
        cast.mia.code.letter_made_at = clock.now()
    page = as_(cast.otto).get("/portal-access").text

    assert re.fullmatch(r"\w{3} \d+, \d{4}", cells_of(page, "Mia Tran")[3])
    assert cells_of(page, "Noah Adler")[3] == "–"


def test_sorting_by_homeroom_and_grade_goes_on_over_pages(app, as_):
    school = rows.school()
    crowd(school, 150)
    with db.writing():
        second = SchoolClass(school_id=school.id, kind="homeroom", title="1A")
        db.session.add(second)
        db.session.flush()
        for number, student in enumerate(db.session.scalars(select(Student).order_by(Student.sort_key))):
            student.homeroom_id = (student.homeroom_id, second.id, None)[number % 3]
            student.grade = (4, 1, None)[number % 3]
    browser = as_(rows.staff(school))

    for sort, column, order in (
        ("homeroom", 1, ["–", "1A", "4A"]),
        ("grade", 0, ["–", "Grade 1", "Grade 4"]),
    ):
        address, seen = f"/portal-access?sort={sort}", []
        while address:
            page = browser.get(address).text
            seen += [(name, cells_of(page, name)[column]) for name in names_on(page)]
            further = re.search(r'class="more"><a [^>]*href="([^"]*after=[^"]*)"', page)
            address = further[1].replace("&amp;", "&") if further else None

        assert len(seen) == len(set(seen)) == 150
        assert seen == sorted(seen, key=lambda line: (order.index(line[1]), line[0]))


def test_htmx_gets_the_next_rows_only(app, as_):
    school = rows.school()
    crowd(school, 110)

    part = get(as_(rows.staff(school)), f"/portal-access?after={school.id}-{99:018d}", htmx=True).text

    assert names_on(part)[0] == "Kim Student 00100"
    assert [row.count("data-focus") for row in part.split("</tr>")[:2]] == [1, 0]
    assert "<table" not in part
    assert 'id="more" hx-swap-oob="true"' in part


def test_a_bar_of_the_board_leads_to_a_list_with_everybody_ticked(cast, as_):
    page = as_(cast.otto).get("/portal-access?status=waiting&all=1").text

    assert re.search(r'name="all" value="1" checked', page)


def test_the_page_can_be_ticked_without_a_script(cast, as_):
    page = as_(cast.otto).get("/portal-access?ticked=page").text

    assert len(re.findall(r'name="ids"[^>]* checked', page)) == 5


def test_the_form_carries_the_school_that_is_shown(cast, as_):
    """With no school in the address, "all that match" means this school and no other."""
    with db.writing():
        level = AccessLevel.SCHOOL_WIDE_EDITOR.value
        db.session.add(Membership(staff_id=cast.otto.id, school_id=cast.riverside.id, level=level))
    page = as_(cast.otto).get("/portal-access").text

    assert f'<input type="hidden" name="school" value="{cast.lincoln.public_id}">' in page
    assert "Riverside" in page


def test_a_foreign_school_is_one_that_does_not_exist(cast, as_):
    browser = as_(cast.otto)

    with time_machine.travel(clock.now(), tick=False):  # the form's token holds the time
        foreign = browser.get(f"/portal-access?school={cast.riverside.public_id}")
        never = browser.get(f"/portal-access?school={NOBODY}")

    assert foreign.status_code == never.status_code == 404
    assert foreign.text == never.text


def test_an_empty_school_and_an_empty_search_say_so(app, cast, as_):
    assert "Nobody found" in as_(cast.otto).get("/portal-access?q=zzz").text
    assert "No students yet" in as_(rows.staff(rows.school("Hamlet"))).get("/portal-access").text


@pytest.mark.parametrize("size", [1, 100, 2000])
def test_the_page_asks_as_much_for_many_as_for_one(app, as_, size):
    school = rows.school()
    crowd(school, size)
    browser = as_(rows.staff(school))
    browser.get("/portal-access")  # a process asks once what a roster's filters offer

    with counted() as statements:
        page = browser.get("/portal-access")

    assert page.status_code == 200
    assert len(statements) <= 4
    assert statements.commits == 0
