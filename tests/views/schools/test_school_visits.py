"""Network users inside a school: they are told, and so are the school's admins."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from portal import db
from portal.models import Event, EventKind, Membership, SchoolVisit
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import post

BANNER = "You are here as a network user."


def visits() -> list[tuple[int, int]]:
    db.session.rollback()
    return [(visit.staff_id, visit.school_id) for visit in db.session.scalars(select(SchoolVisit))]


def test_a_visit_is_noted_once_a_sign_in(cast, as_):
    browser = as_(cast.nora)

    for _time in range(2):
        page = browser.get(f"/students?school={cast.lincoln.public_id}").text
        assert BANNER in page
        browser.get(f"/students/{cast.mia.public_id}")
    assert visits() == [(cast.nora.id, cast.lincoln.id)]

    browser.get(f"/students/{cast.tomas.public_id}")
    as_(cast.nora).get(f"/students/{cast.mia.public_id}")
    assert visits()[1:] == [(cast.nora.id, cast.riverside.id), (cast.nora.id, cast.lincoln.id)]


def test_it_is_an_event_of_the_record(cast, as_):
    as_(cast.paul).get(f"/students?school={cast.lincoln.public_id}")

    event = db.session.scalars(select(Event).filter_by(kind=EventKind.SCHOOL_ENTERED.value)).one()
    assert (event.account_id, event.details) == (cast.paul.id, {"school": cast.lincoln.id})


@pytest.mark.parametrize("who", ["hana", "otto", "ada"])
def test_who_works_there_is_no_visitor(cast, as_, who):
    page = as_(getattr(cast, who)).get("/students").text

    assert BANNER not in page
    assert visits() == []


def test_who_works_at_one_school_visits_the_others(cast, as_):
    rows.stored(
        Membership(staff_id=cast.nora.id, school_id=cast.lincoln.id, level=AccessLevel.CASELOAD_VIEWER.value)
    )
    browser = as_(cast.nora)

    assert BANNER not in browser.get(f"/students?school={cast.lincoln.public_id}").text
    assert BANNER in browser.get(f"/students?school={cast.riverside.public_id}").text
    assert visits() == [(cast.nora.id, cast.riverside.id)]


def test_a_refused_page_is_no_visit(cast, as_):
    assert as_(cast.paul).get(f"/students/{cast.tomas.public_id}").status_code == 404
    assert post(as_(cast.nora), f"/students/{cast.mia.public_id}/access-code").status_code == 403

    assert visits() == []


def test_the_schools_admins_see_who_came(cast, as_):
    assert "Nobody has come in yet" in as_(cast.hana).get("/settings/visits").text
    as_(cast.nora).get(f"/students?school={cast.lincoln.public_id}")
    as_(cast.nora).get(f"/students?school={cast.riverside.public_id}")

    page = as_(cast.hana).get("/settings/visits").text

    assert page.count("Nora Castellanos") == 1
    assert cast.nora.email in page


def test_visits_of_one_day_are_one_line(cast, as_):
    with time_machine.travel(datetime(2026, 11, 24, 20, tzinfo=UTC)):
        as_(cast.nora).get(f"/students?school={cast.lincoln.public_id}")
    for minute in (5, 6, 7):
        with time_machine.travel(datetime(2026, 11, 25, 15, minute, tzinfo=UTC)):
            as_(cast.nora).get(f"/students?school={cast.lincoln.public_id}")

    page = as_(cast.hana).get("/settings/visits").text

    assert page.count("Nora Castellanos") == 2
    assert "the last of 3 times that day" in page
