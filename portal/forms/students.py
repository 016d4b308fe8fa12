"""Searching students, notes, planning fields, point people."""

from collections.abc import Sequence
from functools import cached_property

from flask import request
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal import db
from portal.db import Refused
from portal.forms.base import Form
from portal.forms.fields import HiddenNumber, RowField, plain
from portal.forms.searching import SearchField
from portal.forms.supports import name_and_title
from portal.models import School, Student
from portal.models.students.choices import Choices
from portal.models.students.filter import StudentFilter
from portal.models.students.note import LONGEST
from portal.models.students.planning import FIELDS, FieldEdit, PlanningChanged, PlanningField
from portal.models.supports.assigning import assignable
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _
from portal.web.templating import grade


class StudentSearchForm:
    """The search above a list of students, as this request fills it in. `fields` are shown beside the words."""

    def __init__(self, schools: Sequence[School], school: School | None, choices: Choices) -> None:
        self.filter = self._read()
        self._schools = schools
        self._school = school
        self._choices = choices

    def _read(self) -> StudentFilter:
        return StudentFilter.from_query(request.args)._replace(status=None)

    @cached_property
    def fields(self) -> list[SearchField]:
        here = self._school.public_id if self._school else ""
        picked = "" if self.filter.grade is None else str(self.filter.grade)
        places = tuple((school.public_id, school.name) for school in self._schools)
        titles = self._choices.homerooms
        return [
            *([SearchField.of_pairs("school", gettext("School"), here, places)] if len(places) > 1 else []),
            SearchField.of_grades(gettext("Grade"), picked, self._choices.grades),
            SearchField.of_titles("homeroom", gettext("Homeroom"), self.filter.homeroom, titles),
        ]

    @cached_property
    def grade_names(self) -> dict[int | None, str]:
        """The name of each grade of this school."""
        return {number: grade(number) for number in self._choices.grades}

    @property
    def query(self) -> dict[str, str]:
        """The address of this search, without the page."""
        return self.filter.query


TOO_LONG = _("A note holds at most 4,000 characters. Shorten it, or write two.")


class NoteForm(Form):
    text = TextAreaField(
        _("Add a note"),
        [DataRequired(_("Write something first.")), Length(max=LONGEST, message=TOO_LONG)],
        filters=[plain],
    )


class NoteCorrectionForm(NoteForm):
    text = TextAreaField(
        _("Note"),
        [
            DataRequired(_("A note cannot be emptied. Write what is right.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        filters=[plain],
        id="corrected-text",  # the page behind the dialog has a text of its own
    )
    #: How many versions the note had when it was read.
    seen = HiddenNumber(validators=[Optional()])


#: Up to so many choices stand beside each other as dials; more make a list to pick from.
MOST_DIALS = 2

NOT_KNOWN = SelectChoice("", _("Not known"))


class PlanningForm(Form):
    @classmethod
    def of(cls, student: Student) -> "PlanningForm":
        now = {name: field.text(student) for name, field in FIELDS.items()}
        return cls(**now, **{_seen(name): text for name, text in now.items()})

    @property
    def inputs(self) -> list[Field]:
        """The fields that are shown, in their order."""
        return [self[name] for name in FIELDS]

    @property
    def edits(self) -> dict[str, FieldEdit]:
        """The fields that the person changed. The others keep what somebody else may have stored meanwhile."""
        sent = {name: FieldEdit(self[_seen(name)].data, (self[name].data or "").strip()) for name in FIELDS}
        return {name: edit for name, edit in sent.items() if edit.value != edit.seen}

    def refuse(self, refusal: Refused, field: Field | None = None) -> None:
        """Show both values where somebody else changed one meanwhile; saving once more is then on purpose."""
        if isinstance(refusal, PlanningChanged):
            field = self[refusal.field]
            self[_seen(refusal.field)].data = refusal.now
        super().refuse(refusal, field)


def _seen(name: str) -> str:
    return f"seen_{name}"


def _input(field: PlanningField) -> Field:
    def refuse_unknown(_form: Form, typed: Field) -> None:
        try:
            field.read(typed.data or "")
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None

    if not field.choices:
        return StringField(field.label, [refuse_unknown])
    kind = RadioField if len(field.choices) <= MOST_DIALS else SelectField
    choices = [SelectChoice(value, label) for value, label in field.choices.items()]
    return kind(field.label, [refuse_unknown], choices=[*choices, NOT_KNOWN], validate_choice=False)


for _name, _field in FIELDS.items():
    setattr(PlanningForm, _name, _input(_field))
    setattr(PlanningForm, _seen(_name), HiddenField())


class PointPersonForm(Form):
    staff = RowField(_("Point person"), prompt=_("Nobody"))

    @classmethod
    def at(cls, school_id: int, *, now: str | None = None) -> "PointPersonForm":
        """Return the form with those who may be point person at that school. `now` is who it is now."""
        form = cls(staff=now)
        form.staff.offer(db.session.scalars(assignable(school_id)), named=name_and_title)
        return form
