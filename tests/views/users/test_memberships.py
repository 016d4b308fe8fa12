"""Settings > User Management: the list, Edit Details, Deactivate and the invitation."""

import re

import pytest
from sqlalchemy import func, select

from portal import clock, db
from portal.models import Event, EventKind, Membership, OutboxMessage, Staff
from portal.policy.permissions import AccessLevel
from tests import rows
from tests.browsing import get, post
from tests.statements import counted
from tests.views.staff_room import USERS, at_work, let_time_pass, level_of, page_of


def names_on(page: str) -> list[str]:
    return [
        re.sub("<.*?>", "", cell).strip() for cell in re.findall(r'<th scope="row"><bdi>(.*?)</bdi>', page)
    ]


def crowd(school, size: int) -> None:
    """So many colleagues, straight into the tables."""
    with db.writing():
        people = [
            Staff(email=f"kim{number}@school.example", given_name="Kim", family_name=f"Staff {number:05d}")
            for number in range(size)
        ]
        db.session.add_all(people)
        db.session.flush()
        db.session.add_all(Membership(staff_id=person.id, school_id=school.id) for person in people)


def test_everyone_of_the_school_is_there_by_family_name_whatever_their_level(cast, as_):
    names = names_on(as_(cast.hana).get(USERS).text)

    assert names == [
        "Nils Aalto", "Otto Brandt", "Carl Jensen", "Ada Lindqvist", "Delia Marsh", "Hana Novák", "Vera Okonkwo",
        "Priya Raman",
    ]  # fmt: skip


def test_a_row_says_what_an_admin_wants_to_know(cast, as_):
    with db.writing():
        cast.nils.off_file_at = clock.now()
        cast.nils.totp_sealed = b"sealed"
        at_work(cast.nils).review_since = clock.now()
    page = as_(cast.hana).get(f"{USERS}?q=nils").text

    for words in (
        "Former Librarian",
        "nils<wbr>@example.org",
        "No Access",
        "Needs review",
        "Not on file",
        "Yes",
    ):
        assert words in page
    assert "On file" not in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=novak", ["Hana Novák"]),
        ("q=OTTO@example", ["Otto Brandt"]),
        ("held=caseload_editor", ["Ada Lindqvist", "Priya Raman"]),
        ("standing=review", ["Nils Aalto"]),
        ("standing=by_hand", ["Carl Jensen"]),
        ("standing=off_file", ["Otto Brandt"]),
        ("held=nonsense", []),
        ("standing=nonsense&q=vera", ["Vera Okonkwo"]),
        ("q=%25", []),
    ],
)
def test_the_list_is_searched_and_narrowed(cast, as_, query, names):
    with db.writing():
        at_work(cast.nils).review_since = clock.now()
        cast.carl.source_id, cast.otto.off_file_at = None, clock.now()

    assert names_on(as_(cast.hana).get(f"{USERS}?{query}").text) == names


def test_an_admin_of_two_schools_chooses_and_a_foreign_school_is_none(cast, as_):
    rows.stored(
        Membership(
            staff_id=cast.delia.id, school_id=cast.riverside.id, level=AccessLevel.DELEGATED_ADMIN.value
        )
    )
    delia = as_(cast.delia)

    assert "Sam Whitfield" in names_on(delia.get(f"{USERS}?school={cast.riverside.public_id}").text)
    assert "Sam Whitfield" not in names_on(delia.get(f"{USERS}?school={cast.lincoln.public_id}").text)
    assert delia.get(f"{USERS}?school={cast.jefferson.public_id}").status_code == 404


def test_a_level_is_in_force_on_the_next_request(cast, as_):
    hana, otto = as_(cast.hana), as_(cast.otto)
    assert otto.get(f"/students/{cast.mia.public_id}/planning").status_code == 200

    answer = post(
        hana, page_of(cast.otto), level="school_wide_viewer", seen="school_wide_editor", title="Clerk"
    )

    assert (answer.status_code, answer.location) == (303, f"{USERS}?school={cast.lincoln.public_id}")
    assert otto.get(f"/students/{cast.mia.public_id}/planning").status_code == 403
    assert at_work(cast.otto).title == "Clerk"


def test_htmx_gets_the_row_as_it_is_now(cast, as_):
    answer = post(
        as_(cast.hana), page_of(cast.otto), htmx=True, level="caseload_viewer", seen="school_wide_editor"
    )

    assert answer.status_code == 200
    assert answer.text.strip().startswith(f'<tr id="user-{at_work(cast.otto).public_id}"')
    assert "Caseload Viewer" in answer.text


@pytest.mark.parametrize("level", ["school_admin", "network_admin", "guardian", "", "no such level"])
def test_a_level_that_was_not_offered_is_refused(cast, as_, level):
    answer = post(as_(cast.hana), page_of(cast.otto), level=level, seen="school_wide_editor")

    assert answer.status_code == 422
    assert "cannot be given here" in answer.text
    assert level_of(cast.otto) == "school_wide_editor"


@pytest.mark.parametrize(
    ("editor", "whose", "sentence"),
    [
        ("delia", "hana", "The School Admin comes from the staff file"),
        ("hana", "hana", "Nobody changes their own access level"),
        ("delia", "delia", "Nobody changes their own access level"),
    ],
)
def test_whom_one_may_not_change_is_said_in_words(cast, as_, editor, whose, sentence):
    browser, person = as_(getattr(cast, editor)), getattr(cast, whose)
    before = level_of(person)

    page = browser.get(page_of(person)).text
    answer = post(browser, page_of(person), level="caseload_viewer", seen=before)

    assert sentence in page
    assert 'type="radio"' not in page
    assert answer.status_code == 422
    assert sentence in answer.text
    assert level_of(person) == before


def test_whoever_may_not_change_the_level_may_still_name_their_own_work(cast, as_):
    answer = post(as_(cast.delia), page_of(cast.delia), title="Vice Principal", seen="delegated_admin")

    assert answer.status_code == 303
    assert (at_work(cast.delia).title, level_of(cast.delia)) == ("Vice Principal", "delegated_admin")


def test_somebody_else_was_quicker(cast, as_):
    hana = as_(cast.hana)
    post(as_(cast.delia), page_of(cast.otto), level="caseload_editor", seen="school_wide_editor")

    answer = post(hana, page_of(cast.otto), level="no_access", seen="school_wide_editor")

    assert answer.status_code == 422
    assert "it is Caseload Editor now" in answer.text
    assert level_of(cast.otto) == "caseload_editor"


def test_a_refused_level_leaves_the_title_as_it_was(cast, as_):
    post(as_(cast.hana), page_of(cast.otto), level="no_access", seen="caseload_viewer", title="Clerk")

    assert at_work(cast.otto).title == "School Secretary"


def test_after_ten_minutes_the_password_is_asked_for(cast, as_):
    hana = as_(cast.hana)
    let_time_pass(cast.hana)
    change = {"level": "caseload_viewer", "seen": "school_wide_editor"}
    assert "Your password" in hana.get(page_of(cast.otto)).text

    without = post(hana, page_of(cast.otto), **change)
    wrong = post(hana, page_of(cast.otto), password="no password of hers", **change)
    assert (without.status_code, wrong.status_code, level_of(cast.otto)) == (422, 422, "school_wide_editor")

    right = post(hana, page_of(cast.otto), password=cast.password_of(cast.hana), **change)
    assert (right.status_code, level_of(cast.otto)) == (303, "caseload_viewer")


def test_deactivating_ends_the_session_and_is_undone_by_a_level(cast, as_):
    hana, otto = as_(cast.hana), as_(cast.otto)
    deactivation = f"{page_of(cast.otto)}/deactivation"
    assert "signed out with their next click" in hana.get(deactivation).text

    post(hana, deactivation, seen="school_wide_editor")
    assert otto.get("/students").location.startswith("/staff/sign-in")
    assert level_of(cast.otto) == "no_access"

    post(hana, page_of(cast.otto), level="school_wide_editor", seen="no_access")
    assert level_of(cast.otto) == "school_wide_editor"
    assert otto.get("/students").location.startswith("/staff/sign-in"), "the old browser is not revived"
    kinds = select(func.count(Event.id)).where(Event.kind == EventKind.LEVEL_CHANGED.value)
    assert db.session.scalar(kinds) == 2


def test_what_is_left_behind_leads_to_where_it_is_handed_over(cast, as_):
    page = as_(cast.hana).get(f"{USERS}?standing=duties").text

    assert names_on(page) == ["Nils Aalto"]
    assert "1 support to take over" in page
    assert f'href="/settings/caseloads?school={cast.lincoln.public_id}"' in page


def test_the_invitation_is_sent_again(cast, as_):
    ruth = rows.staff(cast.lincoln, AccessLevel.CASELOAD_VIEWER, "Ruth Falk")
    hana = as_(cast.hana)
    assert "Send invitation" in hana.get(f"{USERS}?q=ruth").text

    assert post(hana, f"{page_of(ruth)}/invitation").status_code == 303
    assert db.session.scalars(select(OutboxMessage.to_address)).all() == ["ruth@school.example"]


def test_nobody_is_found_in_words(cast, as_):
    page = get(as_(cast.hana), f"{USERS}?q=nobody+of+this+name", htmx=True).text

    assert "Nobody found" in page


@pytest.mark.parametrize("size", [1, 49])
def test_the_list_costs_the_same_for_few_and_for_many(app, as_, size):
    school = rows.school()
    hana = as_(rows.staff(school, AccessLevel.SCHOOL_ADMIN, "Hana Novak"))
    crowd(school, size)

    with counted() as statements:
        page = hana.get(USERS)

    assert len(names_on(page.text)) == size + 1
    assert len(statements) <= 5, "\n".join(statements)


def test_pages_follow_each_other_without_gap_or_repetition(app, as_):
    school = rows.school()
    hana = as_(rows.staff(school, AccessLevel.SCHOOL_ADMIN, "Hana Novak"))
    crowd(school, 119)
    names, address = [], USERS
    while address:
        page = get(hana, address, htmx=address != USERS).text
        names += names_on(page)
        onward = re.search(r'href="([^"]*after=[^"]*)"[^>]*>Show more', page)
        address = onward[1].replace("&amp;", "&") if onward else ""

    assert len(names) == len(set(names)) == 120
    assert names == sorted(names, key=lambda name: name.partition(" ")[2])
