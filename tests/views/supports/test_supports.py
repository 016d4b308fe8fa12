"""Supports as staff look through them, create, edit and end them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from portal import db
from portal.models import Membership, Support, SupportStudent
from portal.models.supports.list import MOST
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import get, post
from tests.statements import counted

TODAY = rows.MORNING.date()

SEEN = re.compile(r'name="seen"[^>]*value="(\d+)"')


@pytest.fixture(autouse=True)
def _morning(now):
    """Days are written down here as they are typed."""


@pytest.fixture
def support(cast) -> Support:
    """Ada leads it for Mia, whom she teaches, and Lucía, whom she does not."""
    return rows.support_led_by(cast.ada, cast.mia, cast.lucia)


def terms(who, **other) -> dict[str, str]:
    agreed = {"name": "Reading", "category": "academic", "first_day": "2026-11-16", "last_day": "2027-03-01"}
    return {**agreed, "lead": who.public_id, "criteria": "Two checks below level.", "seen": "1", **other}


def address(support: Support, more: str = "") -> str:
    return f"/supports/{support.public_id}{more}"


def test_a_support_is_created_and_its_page_comes_next(cast, as_):
    browser = as_(cast.otto)

    answer = post(browser, f"/supports/new/{cast.lincoln.public_id}", **terms(cast.carl))

    support = db.session.scalars(select(Support).filter_by(name="Reading")).one()
    assert answer.location == address(support)
    assert (support.lead, support.created_by_id, str(support.last_day)) == (
        cast.carl,
        cast.otto.id,
        "2027-03-01",
    )
    page = browser.get(answer.location).text
    assert "Carl Jensen" in page
    assert "Two checks below level." in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "x" * 121}, "Use at most 120 characters."),
        ({"category": "school_admin"}, "Choose a category."),
        ({"lead": ""}, "Choose a lead."),
        ({"first_day": "16.11.2026"}, "Enter a date such as 2027-06-26."),
        ({"last_day": "soon"}, "Enter a date such as 2027-06-26."),
        ({"last_day": "2026-11-15"}, "The last day comes before the first one."),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast, as_, changed, sentence):
    answer = post(as_(cast.otto), f"/supports/new/{cast.lincoln.public_id}", **terms(cast.carl, **changed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.scalar(select(Support).filter_by(category="academic", lead_id=cast.carl.id)) is None


@pytest.mark.parametrize("who", ["nils", "sam", "nora", "grace"])
def test_nobody_without_access_at_the_school_can_be_smuggled_in_as_lead(cast, as_, who):
    answer = post(as_(cast.otto), f"/supports/new/{cast.lincoln.public_id}", **terms(getattr(cast, who)))

    assert answer.status_code == 404


def test_a_new_lead_takes_over_at_once(cast, as_, support):
    ada = as_(cast.ada)
    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 200

    post(as_(cast.hana), address(support, "/edit"), **terms(cast.carl))

    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 404
    assert ada.get(address(support)).status_code == 404
    assert as_(cast.carl).get(f"/students/{cast.lucia.public_id}").status_code == 200


def test_a_form_left_open_does_not_bring_the_former_lead_back(cast, as_, support):
    ada, otto, edit = as_(cast.ada), as_(cast.otto), address(support, "/edit")
    post(as_(cast.hana), edit, **terms(cast.carl))

    stale = post(otto, edit, **terms(cast.ada, name="Reading group"))

    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 404
    assert stale.status_code == 422
    assert "Somebody changed this support in the meantime." in stale.text
    assert stale.text.count("Now it is: ") == 2 * len({"name", "lead"})  # above the form and at the field
    assert 'value="Reading group"' in stale.text

    on_purpose = terms(cast.ada, name="Reading group", seen=SEEN.search(stale.text)[1])
    assert post(otto, edit, **on_purpose).status_code == 303
    assert (support.name, support.lead) == ("Reading group", cast.ada)


def test_a_form_that_does_not_say_what_it_saw_changes_nothing(cast, as_, support):
    sent = terms(cast.carl)
    del sent["seen"]

    assert post(as_(cast.otto), address(support, "/edit"), **sent).status_code == 422
    assert support.lead == cast.ada


def test_saving_what_stands_there_already_is_no_conflict(cast, as_, support):
    hana, edit = as_(cast.hana), address(support, "/edit")

    answers = [post(hana, edit, **terms(cast.carl)).status_code for _press in range(2)]

    assert answers == [303, 303]
    assert support.versions == 2


def test_before_it_ends_one_reads_who_loses_sight_of_whom(cast, as_, support):
    page = as_(cast.hana).get(address(support, "/end")).text

    assert "Ada Lindqvist loses sight of 1 student at once" in page
    assert "Lucía" in page
    assert "Mia" not in page


def test_nobody_is_lost_to_a_lead_who_sees_the_school(cast, as_):
    support = rows.support_led_by(cast.vera, cast.mia)

    assert "Vera Okonkwo loses sight of nobody" in as_(cast.hana).get(address(support, "/end")).text


def test_ending_is_in_force_on_the_next_request(cast, as_, support):
    ada = as_(cast.ada)
    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 200

    post(as_(cast.hana), address(support, "/end"))

    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 404
    page = ada.get(address(support)).text
    assert "Mia" in page
    assert "Lucía" not in page


def test_an_ended_support_offers_nothing_to_do(cast, as_, support):
    post(as_(cast.hana), address(support, "/end"))

    page = as_(cast.hana).get(address(support)).text

    assert "Ended" in page
    assert "Add students" not in page
    assert "/edit" not in page
    assert post(as_(cast.hana), address(support, "/edit"), **terms(cast.ada)).status_code == 422


def test_students_are_found_by_name_and_added_with_their_days(cast, as_, support):
    otto = as_(cast.otto)
    found = otto.get(address(support, "/students?q=ines")).text
    assert "Ines Delgado" in found

    post(otto, address(support, "/students"), q="ines", students=cast.ines.public_id, last_day="2026-12-01")

    row = db.session.scalars(
        select(SupportStudent).filter_by(student_id=cast.ines.id, support_id=support.id)
    ).one()
    assert (row.first_day, str(row.last_day)) == (TODAY, "2026-12-01")
    assert "Ines Delgado" not in otto.get(address(support, "/students?q=ines")).text


def test_whoever_leads_reads_why_they_cannot_add(cast, as_, support):
    ada = as_(cast.ada)

    assert "would widen what you see" in ada.get(address(support, "/students")).text
    answer = post(ada, address(support, "/students"), students=cast.noah.public_id)
    assert answer.status_code == 422
    assert "would widen what you see" in answer.text


@pytest.mark.parametrize("foreign", ["tomas", "leo"])
def test_one_student_out_of_reach_refuses_all_of_them(cast, as_, support, foreign):
    """Leo left the school, which he is still found at: then he is left out."""
    chosen = [cast.ines.public_id, getattr(cast, foreign).public_id]

    answer = post(as_(cast.otto), address(support, "/students"), students=chosen)

    added = db.session.scalar(
        select(SupportStudent).filter_by(student_id=cast.ines.id, support_id=support.id)
    )
    assert (answer.status_code, added is None) == ((404, True) if foreign == "tomas" else (303, False))


def test_a_lead_may_drop_their_own_last_reason_and_is_warned(cast, as_, support):
    place = db.session.scalars(
        select(SupportStudent).filter_by(student_id=cast.lucia.id, support_id=support.id)
    ).one()
    ada, removal = as_(cast.ada), f"/supports/students/{place.public_id}/removal"
    assert "You will no longer see Lucía" in ada.get(removal).text

    answer = post(ada, removal)

    assert "is no longer on your caseload" in ada.get(answer.location).text
    assert ada.get(f"/students/{cast.lucia.public_id}").status_code == 404
    assert ada.get(removal).status_code == 404


def test_nobody_is_warned_who_keeps_another_reason(cast, as_, support):
    place = db.session.scalars(
        select(SupportStudent).filter_by(student_id=cast.mia.id, support_id=support.id)
    ).one()

    assert (
        "You will no longer see"
        not in as_(cast.ada).get(f"/supports/students/{place.public_id}/removal").text
    )


def test_the_list_is_narrowed(cast, as_, support):
    otto = as_(cast.otto)
    with db.writing():
        support.name, support.last_day = "Tuesday group", TODAY - timedelta(days=1)

    def is_listed(query: str) -> bool:
        return "Tuesday group" in get(otto, f"/supports?{query}", htmx=True).text

    assert not is_listed("")
    assert is_listed("state=ended")
    assert is_listed("state=ended&q=ADA+tuesday")
    assert not is_listed("state=ended&q=carl")
    assert is_listed("state=ended&category=attendance")
    assert not is_listed("state=ended&category=other")


def test_words_find_a_support_behind_all_that_fit_on_a_page(cast, as_, support):
    with db.writing():
        support.name = "Zebra crossing"
        terms = {"school_id": support.school_id, "lead_id": cast.otto.id, "created_by_id": cast.otto.id}
        terms |= {"category": "other", "first_day": TODAY}
        many = [
            terms | {"name": f"Algebra {number}", "public_id": f"algebra-{number}"} for number in range(MOST)
        ]
        db.session.execute(insert(Support), many)

    assert "Zebra crossing" in as_(cast.otto).get("/supports?q=zebra").text


def test_whoever_leads_nothing_reads_what_supports_are(cast, as_):
    assert "No supports to show" in as_(cast.carl).get("/supports").text


def test_a_lead_without_access_is_flagged(cast, as_, support):
    with db.writing():
        membership = db.session.scalars(select(Membership).filter_by(staff_id=cast.ada.id)).one()
        membership.level = AccessLevel.NO_ACCESS.value

    assert "Needs a new lead" in as_(cast.otto).get("/supports?q=ada").text


@pytest.mark.parametrize("size", [1, 60])
@pytest.mark.parametrize("who", ["otto", "ada"])
def test_pages_ask_as_much_for_many_as_for_one(cast, as_, who, size):
    many = [rows.student(cast.lincoln, f"Kim{number} Zamora") for number in range(size)]
    supports = [rows.support_led_by(cast.ada, *many) for _support in range(size // 10 + 1)]
    browser = as_(getattr(cast, who))
    asked = []
    for page in ("/supports", address(supports[0]), address(supports[0], "/students?q=kim")):
        with counted() as statements:
            assert browser.get(page).status_code == 200
        asked.append(len(statements))

    assert all(count <= 5 for count in asked), asked


def test_a_students_tab_says_which_support_needs_a_new_lead(cast, as_):
    tab = as_(cast.hana).get(f"/students/{cast.mia.public_id}/supports").text

    assert "Needs a new lead" in tab.partition("Library lunch")[2].partition("</tr>")[0]
    assert tab.count("Needs a new lead") == 1
