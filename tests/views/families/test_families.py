import re

from sqlalchemy import event

from portal import db
from portal.models import Pairing, Student
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.revocation import revoke
from tests import rows


def statements(ask) -> list[str]:
    """The statements that `ask` sends to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    engines = list(db.db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
    return [
        each for each in sent if each.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
    ]


def test_there_is_one_card_for_each_child(cast, as_):
    page = as_(cast.rosa).get("/family").text

    assert re.findall(r'<h2 class="tile-title"><a[^>]*><bdi>([^<]+)', page) == [
        "Ines Delgado",
        "Tomás Delgado",
    ]
    assert "Lincoln Elementary" in page
    assert "Riverside Middle" in page
    assert "2.º grado" in page or "Grade 2" in page or "Grado 2" in page
    assert "2B" in page


def test_nothing_of_other_families_is_there(cast, as_):
    page = as_(cast.grace).get("/family").text

    assert "Mia Tran" in page
    assert "Delgado" not in page


def test_the_last_revocation_leaves_an_empty_page_with_add_a_student(cast, as_):
    with db.writing():
        revoke([_pairing(cast.grace, cast.mia)], by=cast.otto, reason=RevocationReason.CUSTODY)

    page = as_(cast.grace).get("/family")

    assert page.status_code == 200
    assert "No student is connected to your account" in page.text
    assert 'href="/join"' in page.text
    assert "Add a Student" in page.text
    assert "Mia" not in page.text


def test_a_guardian_whose_email_is_not_confirmed_is_reminded(cast, as_):
    with db.writing():
        cast.grace.email_verified_at = None

    assert "Please confirm your email" in as_(cast.grace).get("/family").text


def test_staff_have_no_family_page(cast, as_):
    assert as_(cast.otto).get("/family").status_code == 403


def test_a_page_of_many_children_takes_no_more_statements_than_one_of_few(cast, as_):
    grace = as_(cast.grace)
    few = statements(lambda: grace.get("/family"))
    with db.writing():
        code_id = cast.mia.code.id
    for number in range(6):
        child = rows.student(cast.lincoln, f"Child{number} Tran", homeroom_id=cast.mia.homeroom_id)
        rows.stored(Pairing(student_id=child.id, guardian_id=cast.grace.id, access_code_id=code_id))

    many = statements(lambda: grace.get("/family"))

    assert "Child5 Tran" in grace.get("/family").text
    assert len(many) == len(few) <= 5


def _pairing(guardian, student: Student) -> Pairing:
    [pairing] = [each for each in student.live_pairings if each.guardian_id == guardian.id]
    return pairing
