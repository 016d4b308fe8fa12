"""Planning on the Overview: edited by who may, history for all who see the student, no overwriting unseen."""

import pytest
from sqlalchemy import func, select

from portal import db
from portal.models import FieldChange
from tests.browsing import get, post


@pytest.fixture
def otto(cast, as_):
    return as_(cast.otto)


def address(student, *further):
    return "/".join([f"/students/{student.public_id}", *further])


def test_the_overview_shows_what_is_planned_and_who_changed_it(cast, otto):
    post(otto, address(cast.mia, "planning"), diploma_type="local", seen_diploma_type="")
    page = otto.get(address(cast.mia)).text

    assert "Diploma type" in page
    assert "Local" in page
    assert "Otto Brandt" in page
    assert "Edit planning" in page


def test_without_script_the_overview_follows(cast, otto):
    response = post(otto, address(cast.mia, "planning"), safety_net="yes", planned_graduation="2037-06-30")

    assert response.status_code == 303
    assert response.location == address(cast.mia)
    assert cast.mia.safety_net == "yes"
    assert str(cast.mia.planned_graduation) == "2037-06-30"


def test_htmx_gets_the_card_in_place_of_the_form(cast, otto):
    form = get(otto, address(cast.mia, "planning"), htmx=True)
    card = post(otto, address(cast.mia, "planning"), htmx=True, safety_net="no")

    assert "<html" not in form.text
    assert 'id="planning"' in form.text
    assert card.status_code == 200
    assert 'id="planning"' in card.text
    assert "<html" not in card.text
    assert "Safety Net" in card.text


def test_cancelling_brings_the_card_back(cast, otto):
    card = get(otto, address(cast.mia), htmx=True).text

    assert 'id="planning"' in card
    assert "Classes and teachers" not in card


def test_a_wrong_date_is_refused_in_words(cast, otto):
    response = post(otto, address(cast.mia, "planning"), planned_graduation="next summer")

    assert response.status_code == 422
    assert "Enter a date such as 2027-06-26" in response.text
    assert "next summer" in response.text
    assert cast.mia.planned_graduation is None


def test_a_forged_value_is_refused(cast, otto):
    response = post(otto, address(cast.mia, "planning"), diploma_type="doctorate", school_id="1", grade="12")

    assert response.status_code == 422
    assert "choose one of the list" in response.text
    assert (cast.mia.diploma_type, cast.mia.grade) == (None, 2)


def test_a_stale_form_shows_both_values_and_is_taken_the_second_time(cast, otto, as_):
    post(as_(cast.hana), address(cast.mia, "planning"), diploma_type="regents", seen_diploma_type="")
    stale = post(otto, address(cast.mia, "planning"), diploma_type="local", seen_diploma_type="")

    assert stale.status_code == 422
    assert "now it is Regents, you chose Local" in stale.text
    assert cast.mia.diploma_type == "regents"
    assert 'name="seen_diploma_type" type="hidden" value="regents"' in stale.text

    post(otto, address(cast.mia, "planning"), diploma_type="local", seen_diploma_type="regents")
    assert cast.mia.diploma_type == "local"


def test_what_another_field_became_meanwhile_is_left_alone(cast, otto, as_):
    post(as_(cast.hana), address(cast.mia, "planning"), safety_net="yes", seen_safety_net="")
    saved = post(
        otto,
        address(cast.mia, "planning"),
        diploma_type="local",
        seen_diploma_type="",
        safety_net="",
        seen_safety_net="",
    )

    assert saved.status_code == 303
    assert (cast.mia.diploma_type, cast.mia.safety_net) == ("local", "yes")


def test_a_viewer_sees_plans_and_no_pencil(cast, as_):
    page = as_(cast.vera).get(address(cast.mia)).text

    assert "Planning" in page
    assert "Edit planning" not in page


def test_the_whole_history_has_a_page(app, cast, otto):
    for year in range(2030, 2090):
        post(otto, address(cast.mia, "planning"), planned_graduation=f"{year}-06-30")
    first = otto.get(address(cast.mia, "planning", "history"))
    assert first.text.count('class="change"') == 50
    older = first.text.split("after=")[1].split('"')[0]
    rest = get(otto, address(cast.mia, "planning", f"history?after={older}"), htmx=True)

    assert rest.text.count('class="change"') == 10
    assert "<html" not in rest.text
    assert "Jun 30, 2030" in rest.text


def test_source_fields_say_as_of_when_and_cannot_be_edited(cast, otto):
    page = otto.get(address(cast.mia)).text

    assert 'As of <time datetime="' in page
    assert "Changes are made in the school's own system" in page
    assert 'name="given_name"' not in page


def test_a_guardian_sees_nothing_of_it(cast, otto, as_):
    post(
        otto,
        address(cast.mia, "planning"),
        diploma_type="local",
        safety_net="yes",
        planned_graduation="2037-06-30",
    )
    grace = as_(cast.grace)
    for path in ("/family", f"/family/students/{cast.mia.public_id}", "/family/account"):
        page = grace.get(path).text
        for words in ("Safety Net", "Diploma", "2037", "Planning", "Local"):
            assert words not in page, path


def test_each_change_is_one_line(cast, otto):
    post(otto, address(cast.mia, "planning"), diploma_type="local", safety_net="yes")
    post(
        otto, address(cast.mia, "planning"), diploma_type="local", safety_net="yes", seen_diploma_type="local"
    )

    count = select(func.count()).select_from(FieldChange).where(FieldChange.student_id == cast.mia.id)
    assert db.session.scalar(count) == 2
