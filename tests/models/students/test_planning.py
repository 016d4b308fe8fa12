"""Planning fields: only real changes are kept, each with its history, by few statements however many students."""

from datetime import date

import pytest
from sqlalchemy import false, select, text
from sqlalchemy.exc import DBAPIError

from portal import db
from portal.db import Refused
from portal.models import Event, EventKind, FieldChange, Student
from portal.models.students.field_change import changes_of
from portal.models.students.planning import FIELDS, FieldEdit, PlanningChanged, change_fields, set_field
from tests import elsewhere, rows
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")


def plan(student, name, value, *, by):
    with db.writing():
        return set_field(Student.id == student.id, name, value, by=by).changed


def history(student):
    return [(line.field, line.old, line.new, line.author) for line in changes_of(student).lines]


def test_a_field_is_set_and_the_change_is_kept_with_author_old_and_new(mia, otto):
    assert plan(mia, "diploma_type", "local", by=otto) == 1
    assert plan(mia, "diploma_type", "regents", by=otto) == 1

    assert mia.diploma_type == "regents"
    assert history(mia) == [
        ("diploma_type", "local", "regents", "Otto Office"),
        ("diploma_type", None, "local", "Otto Office"),
    ]
    assert {line.at for line in changes_of(mia).lines} == {rows.MORNING}


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("diploma_type", "advanced_regents", "advanced_regents"),
        ("planned_graduation", "2031-06-26", date(2031, 6, 26)),
        ("planned_graduation", " 2031-06-26 ", date(2031, 6, 26)),
        ("safety_net", "yes", "yes"),
        ("safety_net", "no", "no"),
        ("safety_net", "", None),
    ],
)
def test_values_are_read_from_text(mia, otto, name, value, stored):
    plan(mia, name, value, by=otto)

    assert getattr(db.session.get_one(Student, mia.id, populate_existing=True), name) == stored


def test_a_field_is_emptied_again(mia, otto):
    plan(mia, "planned_graduation", "2031-06-26", by=otto)
    plan(mia, "planned_graduation", "", by=otto)

    assert mia.planned_graduation is None
    assert history(mia)[0] == ("planned_graduation", "2031-06-26", None, "Otto Office")


def test_the_same_value_again_is_no_change(mia, otto):
    plan(mia, "safety_net", "yes", by=otto)

    assert plan(mia, "safety_net", "yes", by=otto) == 0
    assert len(history(mia)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("diploma_type", "doctorate"),
        ("diploma_type", "x" * 5000),
        ("safety_net", "maybe"),
        ("planned_graduation", "26 June 2031"),
        ("planned_graduation", "2031-06-31"),
        ("planned_graduation", "0001-01-01"),
        ("planned_graduation", "2100-01-01"),
        ("guardian_limit", "99"),
        ("school_id", "2"),
        ("grade", "12"),
    ],
)
def test_other_values_and_other_fields_are_refused(mia, otto, name, value):
    with pytest.raises(Refused):
        plan(mia, name, value, by=otto)

    assert history(mia) == []


def test_many_are_set_at_once_and_only_who_changes_gets_a_line(app, otto, mia):
    noah, emil = rows.student(mia.school, "Noah Adler"), rows.student(mia.school, "Emil Kowalski")
    elsewhere_student = rows.student(rows.school("Riverside"), "Tomás Delgado")
    plan(noah, "safety_net", "yes", by=otto)
    with db.writing():
        done = set_field(Student.school_id == mia.school_id, "safety_net", "yes", by=otto)

    assert done == (2, 1)
    assert [len(history(student)) for student in (mia, noah, emil, elsewhere_student)] == [1, 1, 1, 0]
    assert elsewhere_student.safety_net is None


def test_nobody_is_set_by_an_empty_criterion(mia, otto):
    with db.writing():
        assert set_field(false(), "safety_net", "yes", by=otto) == (0, 0)


def test_ten_thousand_students_take_few_statements(app, otto, mia):
    crowd = [
        {"school_id": mia.school_id, "given_name": f"N{number}", "sort_key": "", "search_key": "",
         "public_id": f"crowd-{number}", "family_name": ""}
        for number in range(10_000)
    ]  # fmt: skip
    with db.writing():
        db.session.execute(Student.__table__.insert(), crowd)
    everybody = Student.school_id == mia.school_id
    with counted() as statements, db.writing():
        set_field(everybody, "diploma_type", "local", by=otto)

    to_find_to_tell_and_to_know_otto, batches = 3, 3
    assert statements.commits == 1
    assert len(statements) <= to_find_to_tell_and_to_know_otto + 2 * batches, "\n".join(statements)
    assert elsewhere.read("SELECT count(*) FROM field_changes") == 10_001


def test_the_record_of_events_tells_the_act_without_the_value(mia, otto):
    plan(mia, "diploma_type", "local", by=otto)

    event = db.session.scalars(select(Event).filter_by(kind=EventKind.FIELD_CHANGED)).one()
    assert (event.account_id, event.student_id) == (otto.id, mia.id)
    assert event.details == {"field": "diploma_type", "students": 1}


def test_whoever_saw_an_older_value_is_told_and_nothing_is_set(mia, otto):
    plan(mia, "diploma_type", "regents", by=otto)
    wishes = {"safety_net": FieldEdit("", "yes"), "diploma_type": FieldEdit("", "local")}

    with db.writing(), pytest.raises(PlanningChanged, match="now it is Regents, you chose Local"):
        change_fields(mia, wishes, by=otto)

    assert (mia.diploma_type, mia.safety_net) == ("regents", None)


def test_whoever_wishes_what_it_has_become_meanwhile_is_content(mia, otto):
    plan(mia, "diploma_type", "local", by=otto)
    with db.writing():
        assert change_fields(mia, {"diploma_type": FieldEdit("", "local")}, by=otto) == 0


def test_no_change_is_taken_back_from_the_history(mia, otto):
    plan(mia, "diploma_type", "local", by=otto)
    for statement in ("UPDATE field_changes SET old = 'x'", "DELETE FROM field_changes"):
        with pytest.raises(DBAPIError, match="append-only"), db.writing():
            db.session.execute(text(statement))

    assert elsewhere.read("SELECT new FROM field_changes") == "local"


def test_the_history_is_leafed_through(mia, otto):
    for number in range(5):
        plan(mia, "planned_graduation", f"203{number}-06-26", by=otto)

    first = changes_of(mia, most=2)
    second = changes_of(mia, after=first.after or "", most=2)
    last = changes_of(mia, after=second.after or "", most=2)

    seen = [line.new[:4] for page in (first, second, last) for line in page.lines]
    assert seen == ["2034", "2033", "2032", "2031", "2030"]
    assert last.after is None


def test_the_place_in_anothers_history_is_no_place_in_this_one(mia, otto):
    noah = rows.student(mia.school, "Noah Adler")
    for student in (mia, noah):
        plan(student, "safety_net", "yes", by=otto)
    noahs = db.session.scalar(select(FieldChange.public_id).filter_by(student_id=noah.id))

    assert changes_of(mia, after=noahs or "").lines == []


def test_every_field_has_a_column_and_words(mia):
    for name, field in FIELDS.items():
        assert field.text(mia) == ""
        assert str(field.label)
        assert field.words(None) is None
        assert name in Student.__table__.columns
