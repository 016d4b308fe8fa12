"""Whoever opens a page about a student is on record: each page that can be opened is, or says here why not."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import db
from portal.models import Event, EventKind, Pairing
from tests.browsing import post

#: Forms that name the student and tell nothing further. They stand on pages that are on record.
NAME_THE_STUDENT_ONLY = {
    "codes.reset",
    "guardians.set_limit",
    "families.remove_child",
    "students.choose_point_person",
    "guardians.end_restriction",
}
ABOUT_A_STUDENT = ("student_id", "pairing_id", "restriction_id")


def pages_about_a_student(app: Flask) -> dict[str, str]:
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and set(rule.arguments) & set(ABOUT_A_STUDENT)
    }


def events() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Event))


def test_each_page_about_a_student_is_on_record(app, cast, as_):
    pairing = db.session.scalars(select(Pairing).filter_by(student_id=cast.mia.id, revoked_at=None)).first()
    unrecorded = set()
    for endpoint, rule in pages_about_a_student(app).items():
        if endpoint in NAME_THE_STUDENT_ONLY:
            continue
        address = rule.replace("<student_id>", cast.mia.public_id).replace("<pairing_id>", pairing.public_id)
        reader, before = cast.grace if rule.startswith("/family") else cast.hana, events()
        assert as_(reader).get(address).status_code == 200, address
        if events() == before:
            unrecorded.add(endpoint)

    assert unrecorded == set()


def test_no_page_is_excused_that_does_not_exist(app):
    assert pages_about_a_student(app).keys() >= NAME_THE_STUDENT_ONLY


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("login-instructions/mail", EventKind.PORTAL_ACCESS_VIEWED),
        ("notes", EventKind.STUDENT_VIEWED),
        ("restrictions/new", EventKind.PORTAL_ACCESS_VIEWED),
    ],
)
def test_a_form_that_is_refused_shows_its_page_and_that_is_on_record(cast, as_, page, kind):
    answer = post(as_(cast.hana), f"/students/{cast.mia.public_id}/{page}", email="x", text="")

    assert answer.status_code == 422
    event = db.session.scalar(select(Event).order_by(Event.id.desc()).limit(1))
    assert (event.kind, event.account_id, event.student_id) == (kind, cast.hana.id, cast.mia.id)


def test_an_act_that_is_done_is_recorded_as_itself(cast, as_):
    before = events()

    post(as_(cast.hana), f"/students/{cast.mia.public_id}/notes", text="Well rested today.")

    assert events() == before + 1
    assert db.session.scalar(select(Event.kind).order_by(Event.id.desc()).limit(1)) == EventKind.NOTE_ADDED


@pytest.mark.parametrize("tab", ["supports", "planning/history"])
def test_the_record_says_which_tab_it_was(cast, as_, tab):
    as_(cast.otto).get(f"/students/{cast.mia.public_id}/{tab}")

    event = db.session.scalar(select(Event).order_by(Event.id.desc()).limit(1))
    assert (event.account_id, event.student_id) == (cast.otto.id, cast.mia.id)
    assert event.details["tab"] in ("supports", "planning history")
