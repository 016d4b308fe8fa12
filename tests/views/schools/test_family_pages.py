"""Each school decides what families see of a child."""

import pytest
from sqlalchemy import select

from portal import db
from portal.models import Event, EventKind, Pairing, School
from portal.models.schools.school import FamilySection
from tests.browsing import post

ADDRESS = "/settings/family-page"


def hidden(cast):
    db.session.expire_all()
    return cast.lincoln.hidden_sections


def recorded():
    return db.session.scalars(select(Event).where(Event.kind == EventKind.SETTINGS_CHANGED.value)).all()


def test_every_section_is_shown_at_first(cast, as_):
    page = as_(cast.hana).get(ADDRESS).text

    assert page.count(" checked") == len(FamilySection)


def test_what_is_not_ticked_is_hidden_and_that_is_recorded(cast, as_):
    hana = as_(cast.hana)

    answer = post(hana, ADDRESS, sections=["profile", "school", "classes"])

    assert answer.status_code == 303
    assert hidden(cast) == ["homeroom", "attendance"]
    assert [(event.account_id, event.details["new"]) for event in recorded()] == [
        (cast.hana.id, ["homeroom", "attendance"])
    ]
    assert hana.get(ADDRESS).text.count(" checked") == 3


def test_all_of_it_may_be_hidden(cast, as_):
    post(as_(cast.hana), ADDRESS)

    assert hidden(cast) == [section.value for section in FamilySection]


def test_saving_the_same_again_records_nothing(cast, as_):
    post(as_(cast.hana), ADDRESS, sections=[section.value for section in FamilySection])

    assert recorded() == []


@pytest.mark.parametrize("sent", ["guardians", "", "notes", "x" * 1000])
def test_words_that_are_no_section_do_nothing(cast, as_, sent):
    post(as_(cast.hana), ADDRESS, sections=[sent, "profile"])

    assert hidden(cast) == ["homeroom", "classes", "attendance", "school"]


def test_a_school_out_of_reach_does_not_exist(cast, as_):
    hana = as_(cast.hana)
    foreign, nothing = (f"{ADDRESS}?school={name}" for name in (cast.riverside.public_id, "nothing"))

    assert hana.get(foreign).status_code == hana.get(nothing).status_code == 404
    assert post(hana, foreign, sections=["profile"]).status_code == 404
    assert cast.riverside.hidden_sections == []


def test_two_rules_are_switched_on_and_recorded(cast, as_):
    browser = as_(cast.hana)
    sections = [section.value for section in FamilySection]

    post(browser, ADDRESS, sections=sections, shows_former_students="y", restricts_revoking="y")

    school = db.session.get(School, cast.lincoln.id, populate_existing=True)
    assert (school.shows_former_students, school.restricts_revoking) == (True, True)
    assert browser.get(ADDRESS).text.count(" checked") == len(sections) + 2
    event = db.session.scalars(select(Event).filter_by(kind=EventKind.SETTINGS_CHANGED)).all()[-1]
    assert set(event.details["changed"]) == {"shows_former_students", "restricts_revoking"}


def test_who_may_not_revoke_any_more_does_not_find_the_way_to_it(cast, as_):
    sections = [section.value for section in FamilySection]
    post(as_(cast.hana), ADDRESS, sections=sections, restricts_revoking="y")
    pairing = db.session.scalars(select(Pairing).filter_by(student_id=cast.mia.id, revoked_at=None)).first()
    address = f"/pairings/{pairing.public_id}/revocation"

    assert as_(cast.otto).get(address).status_code in (403, 404)
    assert as_(cast.hana).get(address).status_code == 200
