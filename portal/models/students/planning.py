"""The planning fields of students, which staff edit; each change is kept in the history (rule B13, decision 8)."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Table, insert, select, update

from portal import clock
from portal.db import Refused, db
from portal.models.accounts.account import Account
from portal.models.event import Event, EventKind
from portal.models.rows import Done, batched
from portal.models.students.field_change import FieldChange
from portal.models.students.student import Student
from portal.text.language import LazyString, lazy_gettext
from portal.text.language import gettext as _

FIRST_YEAR, LAST_YEAR = 2000, 2099


class PlanningField(NamedTuple):
    """A field that staff edit. `name` is the column of Student.

    `choices` maps stored values to their labels; without choices the field holds a date. As text, a value is a key of
    `choices`, or a date such as "2027-06-26"; "" means that it is not known.
    """

    name: str
    label: LazyString
    choices: Mapping[str, LazyString]

    def read(self, text: str) -> str | date | None:
        """Return the value to store for `text`. Raises Refused when it is no value of this field."""
        text = text.strip()
        if not text:
            return None
        if not self.choices:
            return _date(text)
        if text not in self.choices:
            raise Refused(_("%(field)s: choose one of the list.", field=self.label))
        return text

    def text(self, student: Student) -> str:
        """Return the student's value as text, which `read` accepts."""
        return as_text(getattr(student, self.name)) or ""

    def words(self, value: str | date | None) -> str | date | None:
        """Return the label of a stored value, or its date; None when it is not known."""
        if value is None or isinstance(value, date):
            return value
        return str(self.choices.get(value, value)) if self.choices else date.fromisoformat(value)


FIELDS: Mapping[str, PlanningField] = {
    field.name: field
    for field in (
        PlanningField(
            "diploma_type",
            lazy_gettext("Diploma type"),
            {
                "advanced_regents": lazy_gettext("Advanced Regents"),
                "regents": lazy_gettext("Regents"),
                "local": lazy_gettext("Local"),
                "other": lazy_gettext("Other"),
            },
        ),
        PlanningField("planned_graduation", lazy_gettext("Planned graduation date"), {}),
        PlanningField(
            "safety_net", lazy_gettext("Safety Net"), {"yes": lazy_gettext("Yes"), "no": lazy_gettext("No")}
        ),
    )
}


class FieldEdit(NamedTuple):
    """The new value of a field, and the value when the form was opened; both as text."""

    seen: str
    value: str


class PlanningChanged(Refused):
    """Somebody else changed the field since the form was opened. `now` is its present value, as text."""

    def __init__(self, field: PlanningField, *, now: str, wish: str) -> None:
        there, wanted = (field.words(field.read(text)) or _("not known") for text in (now, wish))
        super().__init__(
            _(
                "Somebody changed this in the meantime: now it is %(now)s, you chose %(wish)s. "
                "Save again if yours is right.",
                now=there,
                wish=wanted,
            )
        )
        self.field, self.now = field.name, now


def change_fields(student: Student, edits: Mapping[str, FieldEdit], *, by: Account) -> int:
    """Set these fields of one student, by name, and return how many have changed.

    Raises PlanningChanged, and sets none of them, when somebody else changed one to another value in the meantime.
    """
    student.lock()
    for name, edit in edits.items():
        now = FIELDS[name].text(student)
        if now not in (edit.seen, as_text(FIELDS[name].read(edit.value)) or ""):
            raise PlanningChanged(FIELDS[name], now=now, wish=edit.value)
    own = Student.id == student.id
    return sum(set_field(own, name, edit.value, by=by).changed for name, edit in edits.items())


def set_field(students: ColumnElement[bool], name: str, value: str, *, by: Account) -> Done:
    """Set the planning field `name` of all students that the criterion on Student finds.

    The criterion must be within `by`'s reach already. `value` is text as in PlanningField. Students who have that
    value already get no line in the history. Returns how many changed and how many had the value already. Raises
    Refused for another field or a wrong value.
    """
    if name not in FIELDS:
        raise Refused(_("This field cannot be edited."))
    new, column = FIELDS[name].read(value), getattr(Student, name)
    locked = select(Student.id, column).where(students).order_by(Student.id).with_for_update(of=Student)
    found = db.session.execute(locked).all()
    differing = [(student_id, as_text(old)) for student_id, old in found if old != new]
    for chunk in batched(differing):
        _write(chunk, name, new, by=by)
    if differing:
        only = differing[0][0] if len(differing) == 1 else None
        Event.record(EventKind.FIELD_CHANGED, by=by, student_id=only, field=name, students=len(differing))
    return Done(len(differing), len(found) - len(differing))


def as_text(value: str | date | None) -> str | None:
    """Return a stored value as text, for forms and the history; None when it is not known."""
    return None if value is None else str(value)


def _write(found: list[tuple[int, str | None]], name: str, new: str | date | None, *, by: Account) -> None:
    now = clock.now()
    change = {"at": now, "account_id": by.id, "field": name, "new": as_text(new)}
    lines = [change | {"student_id": student_id, "old": old} for student_id, old in found]
    theirs = Student.id.in_([student_id for student_id, _old in found])
    db.session.execute(update(Student).where(theirs).values({name: new}))
    db.session.execute(_INSERT, lines)


#: For the table, because with the class, lines whose `old` is none would be sent as a statement of their own.
_INSERT = insert(cast(Table, FieldChange.__table__))


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refused(_("Enter a date such as 2027-06-26, between the years 2000 and 2099."))
    return day
