"""Sums of networks are kept, and are never looked at when they could be wrong."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text, update

from portal import clock, db
from portal.demo import Cast
from portal.models import (
    GradeBand,
    Network,
    NetworkChange,
    NetworkSchool,
    NetworkTotals,
    School,
    SchoolCount,
    SchoolTotals,
    StaffCount,
)
from portal.models.figures.network_count import add_up_again, network_has_changed, read_kept_sums
from portal.models.figures.network_view import Looked, view_of
from portal.models.figures.school_count import count_again, outdated
from portal.worker import totals
from tests import elsewhere, rows
from tests.database import FreshDatabase


def kept(cast: Cast, band: GradeBand = GradeBand.ALL) -> Any:
    db.session.rollback()
    db.session.expire_all()
    return read_kept_sums(db.session.get_one(Network, cast.network.id), band)


def seen(cast: Cast, band: GradeBand = GradeBand.ALL) -> dict[str, Any]:
    """The totals of the page of who sees all."""
    db.session.rollback()
    db.session.expire_all()
    network = db.session.get_one(Network, cast.network.id)
    found = view_of(network, Looked(band), by=cast.nora).totals._asdict()
    return {name: value for name, value in found.items() if name not in {"network_id", "band", "fresh_until"}}


def live(cast: Cast, band: GradeBand = GradeBand.ALL) -> dict[str, Any]:
    """What the same page says where no sum is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.models.figures.network_view.read_kept_sums", lambda *_: None)
        return seen(cast, band)


def write(statement: Any) -> None:
    with db.writing():
        db.session.execute(statement)


def a_student_comes(cast: Cast) -> None:
    rows.student(cast.lincoln, "New Student")


def a_school_joins(cast: Cast) -> None:
    joining = rows.school(f"School {db.session.scalar(select(func.count(School.id)))}")
    rows.student(joining, "Ari Joining")
    rows.stored(NetworkSchool(network_id=cast.network.id, school_id=joining.id))


def lincoln_joins_or_leaves(cast: Cast) -> None:
    its = (NetworkSchool.network_id == cast.network.id, NetworkSchool.school_id == cast.lincoln.id)
    with db.writing():
        if db.session.scalar(select(NetworkSchool).where(*its)):
            db.session.execute(delete(NetworkSchool).where(*its))
        else:
            row = {"network_id": cast.network.id, "school_id": cast.lincoln.id}
            db.session.execute(insert(NetworkSchool), row)


def the_roster_drops_or_names_a_school(cast: Cast) -> None:
    school = School.id == cast.riverside.id
    with db.writing():
        left = db.session.scalar(select(School.left_at).where(school))
        db.session.execute(update(School).where(school).values(left_at=None if left else clock.now()))


def small_numbers_are_left_out_or_not(cast: Cast) -> None:
    write(update(Network).values(suppresses_small=~Network.suppresses_small))


def schools_are_counted_alone(cast: Cast) -> None:
    with db.writing():
        count_again(outdated())


def the_worker_keeps_up(cast: Cast) -> None:
    totals.recount_changed()


def one_is_counted_for_nothing(cast: Cast) -> None:
    with db.writing():
        count_again([cast.jefferson.id])


ACTS: tuple[Callable[[Cast], None], ...] = (
    a_student_comes, a_school_joins, lincoln_joins_or_leaves, the_roster_drops_or_names_a_school,
    small_numbers_are_left_out_or_not, schools_are_counted_alone, the_worker_keeps_up, one_is_counted_for_nothing,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), min_size=2, max_size=12))
def test_whatever_happens_the_page_says_what_the_schools_add_up_to(
    cast: Cast, database: FreshDatabase, acts: list[Callable[[Cast], None]]
):
    database.restore("district")
    totals.recount_changed()
    for act in acts:
        act(cast)
        assert all(seen(cast, band) == live(cast, band) for band in GradeBand), act.__name__

    totals.recount_changed()
    assert list(totals.differences()) == []
    assert all(kept(cast, band) for band in GradeBand)
    assert all(seen(cast, band) == live(cast, band) for band in GradeBand)


def test_after_the_worker_the_page_asks_for_one_row(cast):
    assert kept(cast) is None

    totals.recount_changed()

    assert (kept(cast).schools, kept(cast).outdated) == (3, 0)
    assert seen(cast) == live(cast)
    assert db.session.scalars(select(NetworkChange)).all() == []


#: What each trigger is for: one change that a sum does not survive.
CHANGES = {
    "networks_update": "UPDATE networks SET suppresses_small = NOT suppresses_small",
    "network_schools_insert": "INSERT INTO network_schools (network_id, school_id) VALUES (:network, :outside)",
    "network_schools_update": "UPDATE network_schools SET school_id = :outside WHERE school_id = :school",
    "network_schools_delete": "DELETE FROM network_schools WHERE school_id = :school",
    "schools_update": "UPDATE schools SET left_at = '2026-11-16 15:00:00' WHERE id = :school",
    "school_totals_insert": "INSERT INTO school_totals VALUES (:bare, 'high', 9, 8, 7, 6, 5, 4, 3, 9)",
    "school_totals_update": "UPDATE school_totals SET with_one = with_one + 1 WHERE school_id = :school",
    "school_totals_delete": "DELETE FROM school_totals WHERE school_id = :school",
    "school_counts_insert": """
        INSERT INTO school_counts (school_id, counted_at, fresh_until, supports_running)
        SELECT :bare, counted_at, fresh_until, supports_running FROM school_counts WHERE school_id = :school
    """,
    "school_counts_update": "UPDATE school_counts SET supports_running = 9 WHERE school_id = :school",
    "school_counts_delete": "DELETE FROM school_counts WHERE school_id = :school",
    "staff_counts_insert": "INSERT INTO staff_counts VALUES (:bare, 1, 0, 0, 0, 0, 0, 0)",
    "staff_counts_update": "UPDATE staff_counts SET no_access = 7 WHERE school_id = :school",
    "staff_counts_delete": "DELETE FROM staff_counts WHERE school_id = :school",
}


@pytest.mark.parametrize("trigger", CHANGES)
def test_a_sum_that_may_be_wrong_is_marked_whoever_changed_it(cast, trigger):
    bare, outside = rows.school("Bare School"), rows.school("Outside School")
    rows.stored(NetworkSchool(network_id=cast.network.id, school_id=bare.id))
    totals.recount_changed()
    with db.writing():
        for table in (SchoolTotals.__table__, SchoolCount.__table__, StaffCount):
            db.session.execute(delete(table).where(table.c.school_id == bare.id))
        add_up_again()
    assert not is_marked_now(cast)

    places = {"network": cast.network.id, "school": cast.lincoln.id, "bare": bare.id, "outside": outside.id}
    elsewhere.write(
        CHANGES[trigger],
        **{name: place for name, place in places.items() if f":{name}" in CHANGES[trigger]},
    )

    assert is_marked_now(cast)
    assert seen(cast) == live(cast)


def is_marked_now(cast: Cast) -> bool:
    db.session.rollback()
    return bool(db.session.scalar(select(network_has_changed(cast.network.id))))


def test_every_table_that_is_added_up_has_its_triggers(app):
    """Rebuilding a table in a migration on SQLite drops them silently."""
    if db.db.engine.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        found = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    names = set(db.session.scalars(text(found)))

    assert {name for name in names if name.endswith("_is_added_up")} == {
        f"{change}_is_added_up" for change in CHANGES
    }


def test_a_network_elsewhere_keeps_its_sums(cast):
    other, school = rows.stored(Network(name="Elsewhere")), rows.school("Other School")
    rows.stored(NetworkSchool(network_id=other.id, school_id=school.id))
    totals.recount_changed()

    elsewhere.write("UPDATE school_totals SET enrolled = 99 WHERE school_id = :id", id=cast.lincoln.id)

    assert kept(cast) is None
    assert read_kept_sums(other, GradeBand.ALL).schools == 1


def test_a_school_in_two_networks_is_added_up_again_in_both(cast):
    other = rows.stored(Network(name="Elsewhere"))
    rows.stored(NetworkSchool(network_id=other.id, school_id=cast.lincoln.id))
    totals.recount_changed()
    rows.student(cast.lincoln, "New Student")
    before = read_kept_sums(other, GradeBand.ALL).enrolled

    totals.recount_changed()

    assert read_kept_sums(other, GradeBand.ALL).enrolled == before + 1
    assert kept(cast).enrolled == live(cast)["enrolled"]


def test_schools_that_have_changed_are_counted_without_looking_at_all(cast):
    totals.recount_changed()
    rows.student(cast.lincoln, "New Student")

    assert kept(cast).outdated == live(cast)["outdated"] == 1


def test_when_the_day_is_over_the_schools_are_asked(cast, now):
    totals.recount_changed()
    assert kept(cast)

    now.shift(timedelta(days=1))

    assert kept(cast) is None
    assert seen(cast)["outdated"] == 3


def test_a_portfolio_never_sees_the_sum_of_all(cast):
    totals.recount_changed()
    with db.writing():
        db.session.execute(update(NetworkTotals).values(schools=99))
    db.session.rollback()
    network = db.session.get_one(Network, cast.network.id)

    assert view_of(network, Looked(), by=cast.nora).totals.schools == 99
    assert view_of(network, Looked(), by=cast.paul).totals.schools == 1


def test_a_check_finds_every_sum_that_is_not_right(cast):
    totals.recount_changed()
    elsewhere.write("UPDATE network_totals SET with_two = 99 WHERE band = 'all'")
    elsewhere.write("DELETE FROM network_totals WHERE band = 'high'")
    db.session.rollback()

    found = list(totals.differences())

    assert {(each.noun, each.id) for each in found} == {("network", cast.network.id)}
    assert [each.kept is None for each in found] == [False, True]


def test_marks_of_schools_in_no_network_are_cleared_away(otto):
    totals.recount_changed()

    assert db.session.scalars(select(NetworkChange)).all() == []
