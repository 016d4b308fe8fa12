"""Pages of lists, by statements that are built once for each shape and executed with the values of each request."""

import pytest

from portal.demo import Cast
from portal.models import Account
from portal.models.students import list as student_list
from portal.models.students.filter import StudentFilter
from portal.models.students.list import ACCESS, STUDENTS, students_of


def names(cast: Cast, by: Account, student_filter: StudentFilter) -> list[str]:
    page = students_of(cast.mia.school, student_filter, by=by, listing=STUDENTS)
    return [line.first_name for line in page.lines]


def test_one_statement_serves_all_who_ask_in_the_same_shape(cast: Cast):
    student_list._pages.cache_clear()
    found = [
        names(cast, cast.otto, StudentFilter(words=word)) for word in ("mia", "noah", "nobody", "%", "_")
    ]
    assert found == [["Mia"], ["Noah"], [], [], []]
    assert student_list._pages.cache_info().misses == 1


def test_nobody_gets_the_reach_of_another_by_asking_in_the_same_shape(cast: Cast):
    everyone = names(cast, cast.otto, StudentFilter())
    assert names(cast, cast.ada, StudentFilter()) == ["Noah", "Emil", "Mia"]
    assert names(cast, cast.otto, StudentFilter()) == everyone


@pytest.mark.parametrize("listing", [STUDENTS, ACCESS])
@pytest.mark.parametrize("counts", [True, False])
def test_the_total_is_counted_where_it_is_shown(cast: Cast, listing, counts):
    page = students_of(cast.mia.school, StudentFilter(), by=cast.otto, listing=listing, counts=counts)
    assert page.total == (len(page.lines) if counts else 0)
    first = page.lines[0]
    rest = students_of(
        cast.mia.school, StudentFilter(after=first.public_id), by=cast.otto, listing=listing, counts=counts
    )
    assert list(rest.lines) == list(page.lines[1:])
    assert rest.total == page.total
