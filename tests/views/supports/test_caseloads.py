"""My Caseload and why each student is there; point people; the supports of a student."""

import re

import pytest
from sqlalchemy import select

from portal import db
from portal.models import Membership, PointKind, PointPerson
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import post
from tests.statements import counted


@pytest.fixture(autouse=True)
def _morning(now):
    """Days are written down here as they are typed."""


def lines_of(page: str) -> dict[str, list[str]]:
    """The reasons by the name of the student."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = {}
    for row in body.split("<tr>")[1:]:
        name = re.sub("<.*?>", "", re.search(r"<bdi>(.*?)</bdi>", row)[1])
        found[name] = [reason.strip() for reason in re.findall(r"<li>(.*?)</li>", row, re.DOTALL)]
    return found


def test_each_student_is_there_for_their_reasons(cast, as_):
    rows.support_led_by(cast.ada, cast.mia, cast.lucia)
    rows.make_point_person(cast.ada, cast.ines, PointKind.REGENTS, by=cast.otto)

    assert lines_of(as_(cast.ada).get("/caseload").text) == {
        "Noah Adler": ["Homeroom 2A"],
        "Ines Delgado": ["Regents point person"],
        "Lucía Fernández Ortiz": ["Leads “Attendance group”"],
        "Emil Kowalski": ["Homeroom 2A"],
        "Mia Tran": ["Homeroom 2A", "Leads “Attendance group”"],
    }


def test_from_grade_six_the_reason_is_a_course(cast, as_):
    assert lines_of(as_(cast.petra).get("/caseload").text)["Tomás Delgado"][0] == "Science 7A"


def test_removing_one_reason_leaves_the_others(cast, as_):
    support = rows.support_led_by(cast.ada, cast.mia)
    with db.writing():
        support.end(by=cast.otto)

    assert lines_of(as_(cast.ada).get("/caseload").text)["Mia Tran"] == ["Homeroom 2A"]


def test_priya_has_three_kinds_of_reasons(cast, as_):
    told = lines_of(as_(cast.priya).get("/caseload").text)

    assert {reason for reasons in told.values() for reason in reasons} == {
        "Homeroom Resource Room",
        "Leads “Reading corner”",
        "Academic point person",
    }


def test_the_caseload_is_searched(cast, as_):
    assert [*lines_of(as_(cast.ada).get("/caseload?q=TRAN").text)] == ["Mia Tran"]
    assert "Nobody found" in as_(cast.ada).get("/caseload?q=zzz").text


def test_whoever_sees_the_school_may_have_reasons_too(cast, as_):
    assert "Nobody is on a caseload of your own" in as_(cast.vera).get("/caseload").text

    rows.support_led_by(cast.vera, cast.mia)

    assert [*lines_of(as_(cast.vera).get("/caseload").text)] == ["Mia Tran"]


def test_the_caseload_levels_begin_with_it_and_others_do_not_meet_it(cast, as_):
    assert as_(cast.ada).get("/").location == "/caseload"
    assert as_(cast.otto).get("/").location == "/students"
    assert "My Caseload" in as_(cast.carl).get("/students").text
    assert "My Caseload" not in as_(cast.vera).get("/students").text


def test_an_empty_caseload_explains_itself(app, as_):
    nobody = rows.staff(rows.school(), AccessLevel.CASELOAD_VIEWER)

    assert "Your caseload is empty" in as_(nobody).get("/caseload").text


def test_the_page_of_a_student_says_why_to_caseload_levels_only(cast, as_):
    page = f"/students/{cast.mia.public_id}"

    assert "Why is this student here?" in as_(cast.ada).get(page).text
    assert "Why is this student here?" not in as_(cast.otto).get(page).text


@pytest.mark.parametrize("size", [1, 50, 500])
def test_the_caseload_asks_as_much_for_many_as_for_one(app, as_, size):
    school = rows.school()
    ada = rows.staff(school, AccessLevel.CASELOAD_EDITOR, "Ada Ames")
    rows.support_led_by(ada, *(rows.student(school, f"Kim{number} Zamora") for number in range(size)))
    browser = as_(ada)

    with counted() as statements:
        page = browser.get("/caseload")

    assert len(lines_of(page.text)) == size
    assert len(statements) <= 5, "\n".join(statements)


def test_a_point_person_is_chosen_and_replaced_with_its_history(cast, as_):
    otto, page = as_(cast.otto), f"/students/{cast.lucia.public_id}/point-people/credits"
    post(otto, page, staff=cast.ada.public_id)
    assert as_(cast.ada).get(f"/students/{cast.lucia.public_id}").status_code == 200

    post(otto, page, staff=cast.delia.public_id)

    assert as_(cast.ada).get(f"/students/{cast.lucia.public_id}").status_code == 404
    assert "Delia Marsh" in otto.get(f"/students/{cast.lucia.public_id}").text
    assert "Ada Lindqvist" in otto.get(page).text.partition("Until now")[2]


def test_nobody_is_a_choice_too(cast, as_):
    post(as_(cast.otto), f"/students/{cast.ines.public_id}/point-people/academic", staff="")

    live = select(PointPerson).filter_by(student_id=cast.ines.id, kind="academic", ended_at=None)
    assert db.session.scalar(live) is None


@pytest.mark.parametrize("who", ["vera", "carl", "nils", "sam", "nora", "grace"])
def test_who_may_not_edit_here_cannot_be_smuggled_in(cast, as_, who):
    page = f"/students/{cast.mia.public_id}/point-people/credits"
    offered = as_(cast.otto).get(page).text

    answer = post(as_(cast.otto), page, staff=getattr(cast, who).public_id)

    assert getattr(cast, who).public_id not in offered
    assert answer.status_code == 404


def test_a_subject_nobody_knows_does_not_exist(cast, as_):
    assert as_(cast.otto).get(f"/students/{cast.mia.public_id}/point-people/gossip").status_code == 404


def test_replacing_oneself_as_last_reason_is_warned_of_and_allowed(cast, as_):
    priya, page = as_(cast.priya), f"/students/{cast.ines.public_id}/point-people/academic"
    assert "You see Ines Delgado only as this point person" in priya.get(page).text

    answer = post(priya, page, staff=cast.ada.public_id)

    assert answer.location == "/caseload"
    assert "Ines Delgado is no longer on your caseload." in priya.get("/caseload").text
    assert priya.get(page).status_code == 404
    assert priya.get(f"/students/{cast.ines.public_id}").status_code == 404


def test_a_point_person_without_edit_access_is_flagged(cast, as_):
    with db.writing():
        at_work = db.session.scalars(select(Membership).filter_by(staff_id=cast.priya.id)).one()
        at_work.level = AccessLevel.CASELOAD_VIEWER.value

    assert "Needs somebody new" in as_(cast.otto).get(f"/students/{cast.ines.public_id}").text


def test_the_tab_tells_of_all_supports_and_opens_those_within_reach(cast, as_):
    rows.support_led_by(cast.otto, cast.mia, name="Choir")
    page, own = f"/students/{cast.mia.public_id}/supports", rows.support_led_by(cast.ada, cast.mia)

    seen_by_ada, seen_by_otto = as_(cast.ada).get(page).text, as_(cast.otto).get(page).text

    assert f"/supports/{own.public_id}" in seen_by_ada
    assert ">Choir<" in seen_by_otto
    assert "Choir" in seen_by_ada
    assert len(re.findall(r'href="/supports/', seen_by_ada)) == 1


def test_a_student_without_supports_has_an_empty_tab(cast, as_):
    assert "In no support so far" in as_(cast.otto).get(f"/students/{cast.emil.public_id}/supports").text


def test_names_are_written_as_in_every_list_of_students(cast, as_):
    assert "<bdi>Noah <b>Adler</b></bdi>" in as_(cast.priya).get("/caseload").text
