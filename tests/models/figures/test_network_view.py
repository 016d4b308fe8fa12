"""A network in numbers: only the schools in reach, added up rightly, and nothing that is too small to be told."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from portal import db
from portal.models import (
    Account,
    GradeBand,
    Network,
    NetworkMembership,
    NetworkSchool,
    PortfolioSchool,
    School,
    SchoolCount,
    SchoolTotals,
    Staff,
)
from portal.models.figures.network_view import PAGE, Looked, view_of
from portal.models.figures.small_numbers import FEWEST, NESTED, STUDENT_MEASURES
from portal.policy.permissions import NetworkLevel
from portal.worker import totals
from tests import rows

ALL = Looked(page=None)


def look(cast, who: str, **looked):
    db.session.rollback()
    by = getattr(cast, who)
    return view_of(cast.network, ALL._replace(**looked), by=by)


def names(view) -> list[str]:
    return [school.name for school in view.schools]


def test_an_admin_sees_every_school_and_a_portfolio_its_own(cast):
    totals.recount_changed()

    assert names(look(cast, "nora")) == ["Jefferson High", "Lincoln Elementary", "Riverside Middle"]
    assert names(look(cast, "ona")) == ["Jefferson High", "Lincoln Elementary", "Riverside Middle"]
    assert names(look(cast, "paul")) == ["Lincoln Elementary"]


def test_totals_are_those_of_the_schools_in_reach(cast):
    totals.recount_changed()
    lincoln = next(school for school in look(cast, "nora").schools if school.name.startswith("Lincoln"))

    of_paul = look(cast, "paul").totals
    assert (of_paul.schools, of_paul.enrolled, of_paul.with_one) == (1, lincoln.enrolled, lincoln.with_one)


def test_a_school_that_left_the_network_drops_out_of_a_portfolio(cast):
    totals.recount_changed()
    with db.writing():
        db.session.execute(delete(NetworkSchool).where(NetworkSchool.school_id == cast.lincoln.id))

    assert names(look(cast, "paul")) == []
    assert look(cast, "paul").totals.enrolled is None


def test_schools_that_were_not_counted_yet_are_there_without_numbers(cast):
    view = look(cast, "nora")

    assert len(view.schools) == 3
    assert view.totals.outdated == 3
    assert view.totals.counted_at is None


def test_two_networks_in_one_installation_do_not_see_each_other(cast):
    other = rows.stored(Network(name="Elsewhere"))
    school = rows.school("Other Elementary")
    rows.stored(NetworkSchool(network_id=other.id, school_id=school.id))

    assert "Other Elementary" not in names(look(cast, "nora"))
    assert view_of(other, ALL, by=cast.nora).schools == []


def test_a_school_in_two_networks_is_counted_in_both(cast):
    other = rows.stored(Network(name="Elsewhere"))
    rows.stored(NetworkSchool(network_id=other.id, school_id=cast.lincoln.id))
    rows.stored(
        NetworkMembership(staff_id=cast.ona.id, network_id=other.id, level=NetworkLevel.NETWORK_ONLY.value)
    )
    totals.recount_changed()

    assert names(look(cast, "ona")) == ["Jefferson High", "Lincoln Elementary", "Riverside Middle"]
    assert [school.name for school in view_of(other, ALL, by=cast.ona).schools] == ["Lincoln Elementary"]


@pytest.fixture
def thirty(cast):
    """Thirty more schools, with totals of our own choosing."""
    schools = [rows.school(f"School {number:02}") for number in range(30)]
    with db.writing():
        for school in schools:
            db.session.add(NetworkSchool(network_id=cast.network.id, school_id=school.id))
    totals.recount_changed()
    return schools


def set_totals(schools: list[School], numbers: list[tuple[int, int, int, int]]) -> None:
    """Enrolled, enabled, with one, with two of each school, in every band alike a third."""
    with db.writing():
        db.session.execute(
            delete(SchoolTotals).where(SchoolTotals.school_id.in_([each.id for each in schools]))
        )
        for school, nested in zip(schools, numbers, strict=True):
            row = dict(zip(NESTED, nested, strict=True))
            rest = {"without_point_person": nested[0], "days_known": 0, "days_absent": 0}
            db.session.execute(insert(SchoolTotals), {"school_id": school.id, "band": "all", **row, **rest})


@pytest.mark.parametrize(
    "order", ["name", "enrolled", "with_one", "attendance", "supports", "without_point_person"]
)
def test_every_order_pages_through_all_schools_once(cast, thirty, order, monkeypatch):
    numbers = [(100 + number % 7, 90, 10 + number % 5, 5) for number in range(30)]
    set_totals(thirty, numbers)
    monkeypatch.setattr("portal.models.figures.network_view.PAGE", 10)

    pages = [look(cast, "nora", order=order, page=number) for number in range(4)]

    found = [name for page in pages for name in names(page)]
    assert len(found) == len(set(found)) == 33
    assert [page.has_more for page in pages] == [True, True, True, False]
    if order in NESTED:
        values = [getattr(school, order) for page in pages for school in page.schools]
        known = [value for value in values if value is not None]
        assert all(before >= after for before, after in pairwise(known))
    assert PAGE == 50


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.integers(0, 29)), is_all=st.booleans())
def test_portfolio_totals_never_hold_a_school_outside_it(cast, thirty, chosen, is_all):
    set_totals(thirty, [(2**number, 0, 0, 0) for number in range(30)])
    _give_portfolio(cast.paul, [thirty[number].id for number in chosen], is_all=is_all)
    with db.writing():
        db.session.execute(delete(SchoolTotals).where(SchoolTotals.school_id.in_([1, 2, 3])))

    view = look(cast, "paul")

    expected = range(30) if is_all else chosen
    assert (view.totals.enrolled or 0) == sum(2**number for number in expected)
    assert {name for name in names(view) if name.startswith("School")} == {
        f"School {number:02}" for number in expected
    }


def _give_portfolio(who: Staff, school_ids: list[int], *, is_all: bool) -> None:
    with db.writing():
        held = db.session.scalars(select(NetworkMembership).filter_by(staff_id=who.id)).one()
        held.portfolio_is_all = is_all
        db.session.execute(delete(PortfolioSchool))
        if school_ids:
            row = {"network_membership_id": held.id}
            db.session.execute(insert(PortfolioSchool), [row | {"school_id": each} for each in school_ids])
    db.session.get_one(Account, who.id).forget_rights()


class TestSmallNumbers:
    """Where a network leaves them out."""

    @pytest.fixture(autouse=True)
    def _suppress(self, cast):
        with db.writing():
            db.session.execute(update(Network).values(suppresses_small=True))

    @pytest.mark.parametrize(
        ("numbers", "shown"),
        [
            ((100, 60, 30, 10), (100, 60, 30, 10)),
            ((100, 60, 30, 4), (100, 60, 30, None)),
            ((100, 97, 30, 10), (100, None, None, None)),
            ((100, 100, 30, 10), (100, 100, 30, 10)),
            ((100, 60, 58, 10), (100, 60, None, None)),
            ((11, 10, 5, 0), (11, None, None, None)),
            ((4, 4, 4, 4), (None, None, None, None)),
            ((100, 0, 0, 0), (100, None, None, None)),
        ],
    )
    def test_a_few_students_and_a_few_left_over_are_not_told(self, cast, thirty, numbers, shown):
        set_totals(thirty, [numbers] * 30)

        school = next(each for each in look(cast, "nora").schools if each.name == "School 00")

        assert tuple(getattr(school, name) for name in NESTED) == shown

    def test_totals_hold_only_what_is_shown(self, cast, thirty):
        set_totals(thirty, [(100, 60, 30, 10)] * 29 + [(3, 3, 3, 3)])
        with db.writing():
            db.session.execute(delete(SchoolTotals).where(SchoolTotals.school_id.in_([1, 2, 3])))

        view = look(cast, "nora")

        for name in STUDENT_MEASURES:
            shown = [getattr(school, name) for school in view.schools if school.has_students]
            assert getattr(view.totals, name) == sum(value for value in shown if value is not None)
        assert view.totals.enrolled == 2900

    def test_the_other_bands_of_a_school_do_not_give_a_small_one_away(self, cast, thirty):
        school = thirty[0]
        bands = {"elementary": 40, "middle": 3, "high": 20}
        with db.writing():
            db.session.execute(delete(SchoolTotals).where(SchoolTotals.school_id == school.id))
            for band, count in [*bands.items(), ("all", 63)]:
                row = dict.fromkeys(STUDENT_MEASURES, count) | {"school_id": school.id, "band": band}
                db.session.execute(insert(SchoolTotals), row)

        seen = {
            band: next(
                each.with_one for each in look(cast, "nora", band=band).schools if each.name == "School 00"
            )
            for band in GradeBand
        }

        assert seen == dict.fromkeys(GradeBand) | {GradeBand.ALL: 63}

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        numbers=st.lists(
            st.tuples(*[st.integers(0, 30)] * 4).map(lambda four: tuple(sorted(four, reverse=True))),
            min_size=30,
            max_size=30,
        )
    )
    def test_whatever_the_numbers_no_small_one_is_told(self, cast, thirty, numbers):
        set_totals(thirty, numbers)

        for school in look(cast, "nora").schools:
            told = [value for value in (getattr(school, name) for name in NESTED) if value is not None]
            assert all(value >= FEWEST for value in told)
            assert all(more - less == 0 or more - less >= FEWEST for more, less in pairwise(told))


def test_counting_says_how_fresh_the_numbers_are(cast):
    totals.recount_changed()

    view = look(cast, "nora")

    assert view.totals.outdated == 0
    assert view.totals.counted_at in db.session.scalars(select(SchoolCount.counted_at)).all()
