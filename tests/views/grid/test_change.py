"""Batch Actions of the Data Grid: a field for many at once, all of them or none."""

import re

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.models import FieldChange, Membership, PointPerson
from tests import rows
from tests.browsing import get, looked_at, post
from tests.statements import counted
from tests.views.staff_room import at_work

PLAN, CHANGES = "/students/grid/plan", "/students/grid/changes"


def changes():
    return [(row.student_id, row.field, row.old, row.new) for row in db.session.scalars(select(FieldChange))]


def change(browser, students, value="regents", *, field="diploma_type", **sent):
    ids = [student.public_id for student in students]
    return post(browser, CHANGES, field=field, value=value, shown=len(ids), ids=ids, **sent)


def test_the_plan_says_how_many_and_what_they_have_now(cast, as_):
    with db.writing():
        cast.mia.diploma_type, cast.noah.diploma_type = "local", None
    before = len(changes())

    answer = post(as_(cast.otto), PLAN, field="diploma_type", ids=[cast.mia.public_id, cast.noah.public_id])

    assert answer.status_code == 200
    assert "Diploma type of 2 students" in answer.text
    assert "Local" in answer.text
    assert "Not known" in answer.text
    assert "Confirm" in answer.text
    assert len(changes()) == before


def test_confirming_changes_all_with_their_history(cast, as_):
    with db.writing():
        cast.mia.diploma_type, cast.noah.diploma_type = "local", "regents"
    before = changes()

    otto = as_(cast.otto)
    answer = change(otto, [cast.mia, cast.noah], sort="-grade")

    assert answer.status_code == 303
    assert "sort=-grade" in answer.location
    assert (cast.mia.diploma_type, cast.noah.diploma_type) == ("regents", "regents")
    assert [line for line in changes() if line not in before] == [
        (cast.mia.id, "diploma_type", "local", "regents")
    ]
    assert "changed for 1 student. 1 had it already." in get(otto, answer.location).text


def test_everyone_who_is_found_may_be_changed_at_once(cast, as_):
    sent, otto = {"all": "1", "homeroom": "2A", "field": "safety_net"}, as_(cast.otto)
    seen = looked_at(post(otto, PLAN, **sent))
    answer = post(otto, CHANGES, **sent, **seen, value="yes")

    assert seen["shown"] == "3"
    assert answer.status_code == 303
    assert cast.mia.safety_net == "yes"
    assert cast.lucia.safety_net != "yes"


def test_a_list_that_changed_meanwhile_is_shown_again(cast, as_):
    answer = post(as_(cast.otto), CHANGES, all="1", homeroom="2A", shown=1, field="safety_net", value="yes")

    assert answer.status_code == 422
    assert "The list has changed: 1 students were chosen, now it is 3. Nothing was done." in answer.text
    assert re.search(r'name="shown"[^>]*value="3"', answer.text)
    assert cast.mia.safety_net != "yes"


def test_one_for_another_is_a_list_that_changed_too(cast, as_):
    sent, otto = {"all": "1", "homeroom": "2A", "field": "safety_net"}, as_(cast.otto)
    seen = looked_at(post(otto, PLAN, **sent))
    with db.writing():
        cast.mia.homeroom_id, cast.lucia.homeroom_id = cast.lucia.homeroom_id, cast.mia.homeroom_id

    answer = post(otto, CHANGES, **sent, **seen, value="yes")

    assert answer.status_code == 422
    assert "other students are in it now. Nothing was done." in answer.text
    assert {student.safety_net for student in (cast.mia, cast.lucia, cast.noah)} == {None}
    assert post(otto, CHANGES, **sent, **looked_at(answer), value="yes").status_code == 303
    assert (cast.mia.safety_net, cast.lucia.safety_net) == (None, "yes")


def test_a_number_alone_changes_nobody(cast, as_):
    answer = post(as_(cast.otto), CHANGES, all="1", homeroom="2A", shown=3, field="safety_net", value="yes")

    assert answer.status_code == 422
    assert cast.mia.safety_net is None


@pytest.mark.parametrize("field", ["safety_net", "point_credits"])
@pytest.mark.parametrize("address", [PLAN, CHANGES])
def test_whoever_left_since_they_were_ticked_is_not_changed_nor_counted(cast, as_, address, field):
    with db.writing():
        cast.noah.left_at = clock.now()
    ids, before = [cast.mia.public_id, cast.noah.public_id], how_they_stand(cast.mia, cast.noah)
    value = "no" if field == "safety_net" else cast.hana.public_id
    otto = as_(cast.otto)

    answer = post(otto, address, field=field, value=value, shown="2", ids=ids)

    assert answer.status_code == 303
    assert "2 students were chosen, now it is 1. Nothing was done." in otto.get(answer.location).text
    assert how_they_stand(cast.mia, cast.noah) == before


def test_a_grid_of_one_school_changes_nobody_of_another(cast, as_):
    """Otto works at both; the grid shows one."""
    with db.writing():
        db.session.add(
            Membership(staff_id=cast.otto.id, school_id=cast.riverside.id, level=at_work(cast.otto).level)
        )
    before = cast.tomas.safety_net

    answer = change(
        as_(cast.otto), [cast.mia, cast.tomas], "no", field="safety_net", school=cast.lincoln.public_id
    )

    assert answer.status_code == 303
    assert "select=1" in answer.location
    assert cast.tomas.safety_net == before


def test_a_value_can_be_taken_away_but_not_by_leaving_the_field_empty(cast, as_):
    with db.writing():
        cast.mia.diploma_type = "local"
    otto = as_(cast.otto)

    assert change(otto, [cast.mia], "").status_code == 422
    assert cast.mia.diploma_type == "local"

    assert change(otto, [cast.mia], "none").status_code == 303
    assert cast.mia.diploma_type is None


@pytest.mark.parametrize("value", ["gold", "2027-06-26", "x" * 1000, "'; --"])
def test_a_wrong_value_changes_nobody(cast, as_, value):
    answer = change(as_(cast.otto), [cast.mia, cast.noah], value)

    assert answer.status_code == 422
    assert "choose one of the list" in answer.text


@pytest.mark.parametrize(
    ("value", "status"), [("2031-06-26", 303), ("soon", 422), ("1066-10-14", 422), ("", 422)]
)
def test_a_date_is_typed(cast, as_, value, status):
    assert change(as_(cast.otto), [cast.mia], value, field="planned_graduation").status_code == status


def test_a_date_is_taken_away_on_purpose_only(cast, as_):
    otto = as_(cast.otto)
    change(otto, [cast.mia], "2031-06-26", field="planned_graduation")

    both = change(otto, [cast.mia], "2032-06-26", field="planned_graduation", is_unknown="y")
    assert both.status_code == 422

    change(otto, [cast.mia], "", field="planned_graduation", is_unknown="y")
    assert cast.mia.planned_graduation is None


def how_they_stand(*students):
    return [
        (student.safety_net, person and person.staff_id)
        for student in students
        for person in [point_person(student)]
    ]


def point_person(student):
    row = db.session.query(PointPerson).filter_by(student_id=student.id, kind="credits", ended_at=None)
    return row.one_or_none()


def test_a_point_person_is_appointed_for_many_and_taken_away(cast, as_):
    otto = as_(cast.otto)

    change(otto, [cast.mia, cast.noah], cast.ada.public_id, field="point_credits")
    assert point_person(cast.mia).staff_id == point_person(cast.noah).staff_id == cast.ada.id

    change(otto, [cast.mia], "none", field="point_credits")
    assert point_person(cast.mia) is None
    assert point_person(cast.noah).staff_id == cast.ada.id


@pytest.mark.parametrize("who", ["carl", "vera", "sam", "grace", "nils"])
def test_who_may_not_edit_here_is_no_point_person(cast, as_, who):
    before = db.session.query(PointPerson).count()

    answer = change(as_(cast.otto), [cast.mia], getattr(cast, who).public_id, field="point_credits")

    assert answer.status_code == 422
    assert db.session.query(PointPerson).count() == before


@pytest.mark.parametrize("foreign", ["tomas", "lucia", None])
@pytest.mark.parametrize("address", [PLAN, CHANGES])
def test_one_id_out_of_reach_refuses_the_whole_batch(cast, as_, foreign, address):
    other = getattr(cast, foreign).public_id if foreign else "never-existed"
    sent = {"field": "safety_net", "value": "yes", "shown": 2, "ids": [cast.mia.public_id, other]}
    before = cast.mia.safety_net

    answer = post(as_(cast.ada), address, **sent)

    assert answer.status_code == 404
    assert cast.mia.safety_net == before


@pytest.mark.parametrize("field", ["", "grade", "given_name", "school_id", "status", "level"])
def test_only_planning_fields_and_point_people_are_set(cast, as_, field):
    before = (cast.mia.grade, cast.mia.given_name, cast.mia.school_id)

    answer = change(as_(cast.otto), [cast.mia], "9", field=field)

    assert answer.status_code == 303
    assert "select=1" in answer.location
    assert (cast.mia.grade, cast.mia.given_name, cast.mia.school_id) == before


def test_nobody_ticked_says_so(cast, as_):
    otto = as_(cast.otto)

    answer = post(otto, PLAN, field="safety_net")

    assert answer.status_code == 303
    assert "Nobody is chosen" in otto.get(answer.location).text


def test_it_is_one_commit_however_many(cast, as_):
    with db.writing():
        students = [rows.student(cast.lincoln, f"Child{number} Tran") for number in range(150)]
        ids = [student.public_id for student in students]
    otto = as_(cast.otto)

    with counted() as statements:
        post(otto, CHANGES, field="safety_net", value="yes", shown=150, ids=ids)

    assert statements.commits == 1
    assert len(statements) <= 20
