"""Batch Actions of the Data Grid: which field, then which value, then Confirm."""

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from portal import db
from portal.forms.base import Form
from portal.forms.selection import SelectionForm
from portal.models import School
from portal.models.grid.change import SETTABLE, Plan
from portal.models.students.planning import FIELDS
from portal.models.supports.assigning import assignable
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _

#: Narrowed by typing a number: at least so many days, or a year.
NUMBERS = {
    "absent": _("Days absent, at least"),
    "late": _("Days late, at least"),
    "planned_graduation": _("Graduation year"),
}

#: Always there; the others when their column is, or while they narrow.
ALWAYS = ("grade", "homeroom", "support")


#: Sent for "not known" and "nobody": to choose that must be as plain an act as to choose a value.
NOT_KNOWN = "none"

CHOOSE = _("Choose the new value.")


class GridFieldForm(Form):
    """Shown above the list while it is ticked."""

    field = SelectField(
        _("Field"), choices=[SelectChoice(name, column.label) for name, column in SETTABLE.items()]
    )


class GridChangeForm(SelectionForm):
    """`value` is one of a list, or typed; subclasses have it."""

    field = HiddenField()

    @classmethod
    def of(cls, name: str, school: School) -> "GridChangeForm":
        """With the input that the field needs."""
        kind = _PersonForm if name not in FIELDS else _ChoiceForm if FIELDS[name].choices else _DateForm
        form = kind()
        form.offer(name, school)
        return form

    def offer(self, name: str, school: School) -> None:
        """Nothing to be picked from."""

    def start(self, plan: Plan) -> None:
        """Say again whom and what it is about, as the page says it."""
        self.field.data, self.seen = plan.column.name, plan.seen

    @property
    def new(self) -> str:
        """As `set_for_all` takes it."""
        return "" if self["value"].data == NOT_KNOWN else self["value"].data


class _ChoiceForm(GridChangeForm):
    value = RadioField(_("New value"), [InputRequired(CHOOSE)], validate_choice=False)

    def offer(self, name: str, school: School) -> None:
        choices = [*FIELDS[name].choices.items(), (NOT_KNOWN, gettext("Not known"))]
        self.value.choices = [SelectChoice(*pair) for pair in choices]


class _PersonForm(GridChangeForm):
    value = SelectField(_("New point person"), [InputRequired(CHOOSE)], validate_choice=False)

    def offer(self, name: str, school: School) -> None:
        people = [(person.public_id, person.name) for person in db.session.scalars(assignable(school.id))]
        choices = [("", gettext("Choose…")), *people, (NOT_KNOWN, gettext("Nobody"))]
        self.value.choices = [SelectChoice(*pair) for pair in choices]


class _DateForm(GridChangeForm):
    value = StringField(_("New date"))
    is_unknown = BooleanField(_("Not known: take the date away"))

    def validate_value(self, field: Any) -> None:
        if bool(field.data) == self.is_unknown.data:
            raise ValidationError(gettext("Enter a date, or tick that it is not known."))

    @property
    def new(self) -> str:
        return "" if self.is_unknown.data else self.value.data
