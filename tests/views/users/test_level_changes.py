"""Batch Actions: ticks, a level, a look at what will happen, Confirm."""

from urllib.parse import urlencode

from sqlalchemy import select

from portal import db
from portal.models import Event, EventKind
from tests.browsing import post
from tests.views.staff_room import USERS, at_work, let_time_pass, level_of

CHANGE = f"{USERS}/level-changes/new"


def ids_of(*people) -> list[str]:
    return [at_work(person).public_id for person in people]


def look(browser, *people, level="school_wide_viewer", **more):
    query = urlencode({"ids": ids_of(*people), "level": level, **more}, doseq=True)
    return browser.get(f"{CHANGE}?{query}")


def test_boxes_appear_when_they_are_asked_for(cast, as_):
    hana = as_(cast.hana)

    assert 'name="ids"' not in hana.get(USERS).text
    assert hana.get(f"{USERS}?select=1").text.count('name="ids"') == 8


def test_the_page_says_who_changes_and_names_who_is_left_out(cast, as_):
    page = look(as_(cast.delia), cast.otto, cast.vera, cast.hana, cast.delia).text

    assert "1 person gets this access level" in page
    assert "so far School Wide Editor" in page
    assert "Already School Wide Viewer: Vera Okonkwo." in page
    assert "Hana Novák</bdi></strong>: The School Admin comes from the staff file" in page
    assert "Delia Marsh</bdi></strong>: Nobody changes their own" in page


def test_confirming_changes_all_of_them_and_leaves_the_protected_as_they_are(cast, as_):
    delia = as_(cast.delia)

    done = post(
        delia, CHANGE, level="caseload_viewer", ids=ids_of(cast.otto, cast.ada, cast.hana, cast.delia)
    )
    page = delia.get(done.location).text

    assert done.status_code == 303
    assert "2 people are Caseload Viewer now. Left out: Delia Marsh, Hana Novák." in page
    assert [level_of(each) for each in (cast.otto, cast.ada, cast.hana, cast.delia)] == [
        "caseload_viewer", "caseload_viewer", "school_admin", "delegated_admin",
    ]  # fmt: skip
    events = db.session.scalars(select(Event).where(Event.kind == EventKind.LEVEL_CHANGED.value)).all()
    assert {event.about_id for event in events} == {cast.otto.id, cast.ada.id}


def test_one_id_out_of_reach_refuses_all(cast, as_):
    answer = post(as_(cast.hana), CHANGE, level="no_access", ids=ids_of(cast.otto, cast.sam))

    assert answer.status_code == 404
    assert (level_of(cast.otto), level_of(cast.sam)) == ("school_wide_editor", "school_wide_editor")


def test_a_forged_level_changes_nobody(cast, as_):
    for level in ("school_admin", "network_admin", "guardian", ""):
        assert post(as_(cast.hana), CHANGE, level=level, ids=ids_of(cast.otto)).status_code == 422
    assert level_of(cast.otto) == "school_wide_editor"


def test_nobody_ticked_is_said_in_words(cast, as_):
    answer = as_(cast.hana).get(f"{CHANGE}?level=no_access")

    assert answer.status_code == 422
    assert "Choose at least one person" in answer.text


def test_all_of_the_list_means_all_that_the_search_finds(cast, as_):
    page = look(as_(cast.hana), all="1", held="caseload_viewer").text

    assert "1 person gets this access level" in page
    assert at_work(cast.carl).public_id in page
    assert at_work(cast.otto).public_id not in page


def test_the_password_is_asked_for_before_a_batch(cast, as_):
    hana = as_(cast.hana)
    let_time_pass(cast.hana)

    assert post(hana, CHANGE, level="no_access", ids=ids_of(cast.otto)).status_code == 422
    assert level_of(cast.otto) == "school_wide_editor"


def test_who_comes_in_for_the_first_time_is_counted(cast, as_):
    with db.writing():
        cast.nils.password_hash = None

    assert "1 of them has no password yet" in look(as_(cast.hana), cast.nils, cast.otto).text
