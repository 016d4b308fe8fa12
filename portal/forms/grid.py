"""The Data Grid: searching, choosing columns, changing a field for many."""

from collections.abc import Iterable, Mapping, Sequence

from flask import request
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired

from portal import db
from portal.forms.base import Form
from portal.forms.fields import PickField, Text
from portal.forms.selection import SelectionForm
from portal.models import School
from portal.models.codes.family_status import STATUSES, WORDS, StatusChoice
from portal.models.grid.change import SETTABLE, GridChangePlan
from portal.models.grid.choices import Offers
from portal.models.grid.column import COLUMNS, GROUPS, Column
from portal.models.grid.narrowing import FILTERS, NONE
from portal.models.students.choices import Choices
from portal.models.students.planning import FIELDS
from portal.models.supports.assigning import assignable
from portal.models.supports.point_person import PointKind
from portal.text.language import gettext, language_name
from portal.text.language import lazy_gettext as _
from portal.web.templating import grade

#: Narrowed by typing a number: at least so many days, or a year.
NUMBERS = {
    "absent": _("Days absent, at least"),
    "late": _("Days late, at least"),
    "planned_graduation": _("Graduation year"),
}

#: Always there; the others when their column is, or while they narrow.
ALWAYS = ("grade", "homeroom", "support")


class GridForm(PlainForm):
    q = StringField(_("Name or student number"))

    @classmethod
    def of_request(cls) -> "GridForm":
        return cls(request.args)

    def inputs(self, columns: Sequence[str], active: Iterable[str]) -> list[Field]:
        """Return the filters that are shown, in their order."""
        shown = {*ALWAYS, *columns, *active}
        return [self[name] for name in FILTERS if name in shown]

    def offer(self, choices: Choices, offers: Offers) -> None:
        """Add the choices that depend on the school."""
        nobody = (NONE, gettext("Unassigned"))
        lists = {
            "grade": [*((str(each), grade(each)) for each in choices.grades), (NONE, gettext("No grade"))],
            "homeroom": [*((each, each) for each in choices.homerooms), (NONE, gettext("No homeroom"))],
            "language": [
                *((each, language_name(each)) for each in offers.languages),
                (NONE, gettext("Not known")),
            ],
            **{f"point_{kind.value}": [*offers.staff, nobody] for kind in PointKind},
        }
        for name, pairs in lists.items():
            self[name].choices += [SelectChoice(value, label) for value, label in pairs]


def _choices(name: str) -> list[tuple[str, Text]]:
    """Return the choices of this filter that are the same at every school."""
    if name in FIELDS:
        return [*FIELDS[name].choices.items(), (NONE, _("Not known"))]
    return _FIXED.get(name, [])


_FIXED: dict[str, list[tuple[str, Text]]] = {
    "attendance": [("often_absent", _("Often absent"))],
    "status": [(choice.value, WORDS[choice]) for choice in (*STATUSES, StatusChoice.ENABLED)],
    "guardians": [("0", _("Nobody connected")), ("1", _("One or more")), ("2", _("Two or more"))],
    "support": [("1", _("In a support")), ("0", _("In none"))],
}


def _input(name: str) -> Field:
    if name in NUMBERS:
        return IntegerField(NUMBERS[name])
    label = COLUMNS[name].label if name in COLUMNS else _("Supports")
    everyone = SelectChoice("", _("All"))
    return PickField(label, choices=[everyone, *(SelectChoice(*pair) for pair in _choices(name))])


for _name in FILTERS:
    setattr(GridForm, _name, _input(_name))


class GridColumnsForm(Form):
    columns = SelectMultipleField(
        _("Columns"), option_widget=widgets.CheckboxInput(), choices=[], validate_choice=False
    )

    def offer(self, columns: Mapping[str, Column]) -> None:
        self.columns.choices = [SelectChoice(name, column.label) for name, column in columns.items()]
        self._columns = columns

    @property
    def groups(self) -> list[tuple[str, list[Field]]]:
        """The boxes, put together as people think of them."""
        of_group = {
            group: [box for box in self.columns if self._columns[box.data].group == group] for group in GROUPS
        }
        return [(str(GROUPS[group]), boxes) for group, boxes in of_group.items() if boxes]


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
        """Return the form with the input that this field needs."""
        kind = _PersonForm if name not in FIELDS else _ChoiceForm if FIELDS[name].choices else _DateForm
        form = kind()
        form.offer(name, school)
        return form

    def offer(self, name: str, school: School) -> None:
        """Offer the choices of the field; a field without choices offers none."""

    def start(self, plan: GridChangePlan) -> None:
        """Say again whom and what it is about, as the page says it."""
        self.field.data = plan.column.name
        self.seen = plan.seen

    @property
    def new(self) -> str:
        """The new value, as `set_for_all` takes it."""
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

    def validate_value(self, field: Field) -> None:
        if bool(field.data) == self.is_unknown.data:
            raise ValidationError(gettext("Enter a date, or tick that it is not known."))

    @property
    def new(self) -> str:
        return "" if self.is_unknown.data else self.value.data
