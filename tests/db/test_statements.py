"""What pages of families ask of the database stays the same however many rows there are."""

import pytest

from portal import db
from portal.models import Student
from tests import rows
from tests.browsing import post
from tests.statements import counted
from tests.views.family_pages import enter


@pytest.mark.parametrize("children", [1, 20])
def test_the_family_page_asks_at_most_five_times(app, as_, children):
    school, guardian = rows.school(), rows.guardian("Grace Okafor")
    office = rows.staff(school)
    for number in range(children):
        student = rows.student(school, f"Child{number} Okafor")
        rows.enabled(student, office)
        rows.paired(guardian, db.session.get(Student, student.id))
    phone = as_(guardian)

    with counted() as statements:
        phone.get("/family")

    assert len(statements) <= 5


def test_redeeming_is_one_commit_and_few_statements(cast, as_):
    phone = as_(cast.zoe)
    enter(phone, cast.code_of(cast.noah))
    phone.get("/join/student")

    with counted() as statements:
        post(phone, "/join/student")

    assert statements.commits == 1
    assert len(statements) <= 10, "\n".join(statements)
