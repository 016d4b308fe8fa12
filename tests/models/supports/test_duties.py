"""Rule B20: whoever loses access leaves supports and students that others should take over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock, db
from portal.models import Membership, PointKind, Student, Support, SupportCategory
from portal.models.supports.assigning import assign_point_person
from portal.models.supports.duties import Duties, duties_of
from portal.models.supports.support import Terms
from portal.models.users.filter import Standing, UserFilter
from portal.models.users.level_change import change_level, deactivate
from portal.models.users.list import line_of, users_of
from portal.policy.delegation import Access
from portal.policy.permissions import AccessLevel

L = AccessLevel


@pytest.fixture
def ada(cast) -> Membership:
    """Ada leads a support and is point person of Mia for two subjects, and of Noah."""
    today = clock.today(cast.lincoln.time_zone)
    with db.writing():
        club = Terms(name="Club", category=SupportCategory.OTHER, lead=cast.ada, first_day=today)
        Support.create(cast.lincoln, club, by=cast.hana)
        for kind, pupils in (
            (PointKind.ACADEMIC, [cast.mia.id, cast.noah.id]),
            (PointKind.CREDITS, [cast.mia.id]),
        ):
            assign_point_person(Student.id.in_(pupils), kind, cast.ada, by=cast.hana)
    return db.session.scalars(select(Membership).filter_by(staff_id=cast.ada.id)).one()


def flagged(cast) -> list[str]:
    page = users_of(cast.lincoln, UserFilter(standing=Standing.DUTIES), by=cast.hana)
    return [line.given_name for line in page.lines if line.given_name != "Nils"]  # he left a support long ago


def test_what_somebody_stands_for_is_counted(ada):
    assert duties_of(ada) == Duties(supports=1, students=2)


def test_nothing_is_flagged_while_the_level_fits(cast, ada):
    assert line_of(ada).duties == Duties(0, 0)
    assert flagged(cast) == []


def test_no_access_flags_supports_and_students(cast, ada):
    with db.writing():
        deactivate(ada, by=cast.hana)

    assert line_of(ada).duties == Duties(1, 2)
    assert flagged(cast) == ["Ada"]


def test_a_viewer_may_go_on_leading_but_not_be_point_person(cast, ada):
    with db.writing():
        change_level(ada, Access(L.CASELOAD_VIEWER), by=cast.hana)

    assert line_of(ada).duties == Duties(0, 2)
    assert flagged(cast) == ["Ada"]


def test_the_flag_goes_when_others_have_taken_over(cast, ada):
    with db.writing():
        deactivate(ada, by=cast.hana)
        for kind in (PointKind.ACADEMIC, PointKind.CREDITS):
            assign_point_person(Student.id.in_([cast.mia.id, cast.noah.id]), kind, cast.otto, by=cast.hana)
        db.session.scalars(select(Support).filter_by(lead_id=cast.ada.id)).one().end(by=cast.hana)

    assert line_of(ada).duties == Duties(0, 0)
    assert flagged(cast) == []


def test_a_support_that_is_over_needs_nobody(cast, ada):
    yesterday = clock.today(cast.lincoln.time_zone) - timedelta(days=1)
    with db.writing():
        support = db.session.scalars(select(Support).filter_by(lead_id=cast.ada.id)).one()
        support.first_day = support.last_day = yesterday

    assert duties_of(ada).supports == 0
