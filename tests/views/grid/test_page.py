"""The Data Grid as a page: who sees what on it, what is kept, and what can be taken out of it."""

import csv
import io

import pytest
from sqlalchemy import select

from portal import db
from portal.models import Event, EventKind
from tests import rows
from tests.browsing import get, post
from tests.statements import counted

GRID, COLUMNS, EXPORT = "/students/grid", "/students/grid/columns", "/students/grid/export"


def sheet(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def exported():
    return db.session.scalars(select(Event).where(Event.kind == EventKind.STUDENTS_EXPORTED.value)).all()


def test_students_stand_in_columns(cast, as_):
    page = as_(cast.hana).get(f"{GRID}?sort=-grade").text

    assert "Mia <b>Tran</b>" in page
    assert 'aria-sort="descending"' in page
    assert "Tomás" not in page


def test_ticks_are_for_those_who_may_change(cast, as_):
    assert 'name="ids"' in as_(cast.otto).get(f"{GRID}?select=1").text
    assert "Batch Actions" in as_(cast.ada).get(GRID).text
    for viewer in (cast.vera, cast.carl, cast.nora):
        page = as_(viewer).get(f"{GRID}?select=1").text
        assert "Batch Actions" not in page
        assert 'name="ids"' not in page


def test_a_caseload_is_the_caseload(cast, as_):
    page = as_(cast.ada).get(GRID).text

    assert cast.mia.public_id in page
    assert cast.lucia.public_id not in page


def test_who_looks_for_nobody_is_told_so(cast, as_):
    page = as_(cast.hana).get(f"{GRID}?q=nobody+of+this+name").text

    assert "Nobody found" in page
    assert "Show all students" in page


def test_filters_stay_when_one_sorts_or_chooses_columns(cast, as_):
    page = as_(cast.hana).get(f"{GRID}?grade=2&q=tran").text

    assert "grade=2&amp;sort=homeroom" in page
    assert f"{COLUMNS}?school={cast.lincoln.public_id}&amp;q=tran&amp;grade=2" in page


def test_htmx_gets_the_list_alone(cast, as_):
    part = get(as_(cast.hana), f"{GRID}?grade=2", htmx=True).text

    assert part.strip().startswith('<section id="results"')
    assert "<html" not in part


def test_columns_are_chosen_and_kept_for_this_person(cast, as_):
    hana = as_(cast.hana)

    answer = post(hana, f"{COLUMNS}?grade=2", columns=["diploma_type", "language"])

    assert "grade=2" in answer.location
    assert "Diploma type</a></th>" in hana.get(GRID).text
    assert "Homeroom</a></th>" not in hana.get(GRID).text
    assert "Diploma type</a></th>" not in as_(cast.delia).get(GRID).text


@pytest.mark.parametrize("sent", ["password_hash", "", "id; DROP TABLE students", "x" * 5000])
def test_words_that_are_no_column_are_left_aside(cast, as_, sent):
    hana = as_(cast.hana)

    post(hana, COLUMNS, columns=[sent, "grade"])

    assert hana.get(GRID).text.count('<th scope="col"') == 2


def test_a_sheet_of_everybody_who_is_found(cast, as_):
    hana = as_(cast.hana)
    post(hana, COLUMNS, columns=["number", "homeroom"])

    answer = post(hana, EXPORT, all="1", homeroom="2A", sort="-name")

    lines = sheet(answer)
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert lines[0] == ["First name", "Last name", "Number", "Homeroom"]
    assert ["Mia", "Tran", "10201", "2A"] in lines
    assert {line[3] for line in lines[1:]} == {"2A"}
    assert [line[1] for line in lines[1:]] == sorted((line[1] for line in lines[1:]), reverse=True)


def test_taking_a_sheet_out_is_recorded(cast, as_):
    post(as_(cast.vera), EXPORT, all="1", grade="2")

    [event] = exported()
    assert event.account_id == cast.vera.id
    assert event.details["school_id"] == cast.lincoln.id
    assert event.details["students"] > 0
    assert "Mia" not in str(event.details)


def test_no_code_is_in_a_sheet(cast, as_):
    hana = as_(cast.hana)
    post(hana, COLUMNS, columns=["status", "guardians", "number"])

    answer = post(hana, EXPORT, all="1")

    assert cast.code_of(cast.mia) not in answer.text.replace("-", "")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", " =1+1", "＝1"])
def test_no_cell_is_a_formula(cast, as_, name):
    with db.writing():
        cast.mia.given_name, cast.mia.student_number = name, name
    hana = as_(cast.hana)
    post(hana, COLUMNS, columns=["number"])

    cells = [cell for line in sheet(post(hana, EXPORT, all="1")) for cell in line]

    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@", "＝"))]


def test_ticked_students_only(cast, as_):
    lines = sheet(post(as_(cast.otto), EXPORT, ids=[cast.mia.public_id]))

    assert [line[0] for line in lines[1:]] == ["Mia"]


@pytest.mark.parametrize("foreign", ["tomas", "lucia", None])
def test_a_sheet_with_one_id_out_of_reach_is_refused_whole(cast, as_, foreign):
    other = getattr(cast, foreign).public_id if foreign else "never-existed"

    answer = post(as_(cast.ada), EXPORT, ids=[cast.mia.public_id, other])

    assert answer.status_code == 404
    assert "Mia" not in answer.text
    assert exported() == []


def test_a_sheet_of_one_school_holds_nobody_of_another_within_reach(cast, as_):
    """Nora enters both; what she takes out of one is recorded there."""
    nora = as_(cast.nora)
    at_lincoln = f"{EXPORT}?school={cast.lincoln.public_id}"

    answer = post(nora, at_lincoln, ids=[cast.mia.public_id, cast.tomas.public_id])

    assert (answer.status_code, answer.content_type) == (303, "text/html; charset=utf-8")
    assert "2 students were chosen, now it is 1. Nothing was done." in nora.get(answer.location).text
    assert exported() == []


def test_languages_are_offered_of_students_in_reach_alone(cast, as_):
    with db.writing():
        cast.mia.language, cast.lucia.language, cast.tomas.language = "vi", "kl", "zu"
    for viewer, offered in (("carl", {"vi"}), ("vera", {"vi", "kl"}), ("nora", {"vi", "kl"})):
        page = as_(getattr(cast, viewer)).get(f"{GRID}?school={cast.lincoln.public_id}&language=none").text
        assert {each for each in ("vi", "kl", "zu") if f'value="{each}"' in page} == offered, viewer


def test_a_sheet_of_all_is_the_caseload_for_who_has_one(cast, as_):
    lines = sheet(post(as_(cast.carl), EXPORT, all="1"))

    assert "Mia" in {line[0] for line in lines}
    assert cast.lucia.given_name not in {line[0] for line in lines}


def test_statements_are_constant_in_rows(cast, as_):
    with db.writing():
        cast.hana.grid_columns = None
    browser, found = as_(cast.hana), []
    for _more in range(2):
        browser.get(GRID)  # a process asks once what a roster's filters offer
        with counted() as statements:
            browser.get(f"{GRID}?sort=-absent&status=paired")
        found.append(len(statements))
        with db.writing():
            for number in range(120):
                rows.student(cast.lincoln, f"Child{number} Tran")

    assert found[0] == found[1] <= 7


def test_later_pages_take_as_many_statements_too(cast, as_):
    with db.writing():
        for number in range(230):
            rows.student(cast.lincoln, f"Child{number} Tran")
    browser = as_(cast.hana)
    page = get(browser, GRID, htmx=True).text
    after = page.partition("after=")[2].partition("&")[0]

    with counted() as statements:
        part = get(browser, f"{GRID}?after={after}", htmx=True).text

    assert part.count("<tr>") == 100
    assert len(statements) <= 7
