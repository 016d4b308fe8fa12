"""The Data Grid: searching, choosing columns, changing a field for many."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.validators import InputRequired

from portal import db
from portal.forms.base import Form
from portal.forms.fields import Text
from portal.forms.searching import Pairs, SearchField
from portal.forms.selection import SelectionForm
from portal.models import School
from portal.models.codes.family_status import STATUSES, WORDS, StatusChoice
from portal.models.grid.change import SETTABLE, GridChangePlan
from portal.models.grid.choices import Offers
from portal.models.grid.column import COLUMNS, GROUPS, Column
from portal.models.grid.filter import GridFilter
from portal.models.grid.narrowing import FILTERS, NONE
from portal.models.students.choices import Choices
from portal.models.students.planning import FIELDS
from portal.models.supports.assigning import assignable
from portal.text.language import gettext, language_name
from portal.text.language import lazy_gettext as _

#: Narrowed by typing a number: at least so many days, or a year.
NUMBERS = {
    "absent": _("Days absent, at least"),
    "late": _("Days late, at least"),
    "planned_graduation": _("Graduation year"),
}

#: Always there; the others when their column is, or while they narrow.
ALWAYS = ("grade", "homeroom", "support")


class GridSearchForm:
    """The search above the grid: the words, then `fields`, those for its columns and those that narrow it now."""

    def __init__(self, grid_filter: GridFilter, columns: Sequence[str], schools: Sequence[School]) -> None:
        self._filter = grid_filter
        self._schools = schools
        shown = {*ALWAYS, *columns, *dict(grid_filter.filters)}
        #: The names of the filters that are shown, in their order.
        self.names = tuple(name for name in FILTERS if name in shown)
        self._choices, self._offers = Choices(), Offers([], [])

    def offer(self, choices: Choices, offers: Offers) -> None:
        """Add the choices that depend on the school."""
        self._choices, self._offers = choices, offers

    @cached_property
    def fields(self) -> list[SearchField]:
        here = self._filter.school.public_id
        places = tuple((school.public_id, school.name) for school in self._schools)
        return [
            *([SearchField.of_pairs("school", gettext("School"), here, places)] if len(places) > 1 else []),
            *(self._field(name, dict(self._filter.filters).get(name, "")) for name in self.names),
        ]

    def _field(self, name: str, value: str) -> SearchField:
        label = str(NUMBERS.get(name) or (COLUMNS[name].label if name in COLUMNS else _("Supports")))
        if name in NUMBERS:
            return SearchField(name, label, value, is_number=True)
        if name == "grade":
            more = ((NONE, gettext("No grade")),)
            return SearchField.of_grades(label, value, self._choices.grades, more=more)
        if name == "homeroom":
            more = ((NONE, gettext("No homeroom")),)
            return SearchField.of_titles(name, label, value, self._choices.homerooms, more=more)
        return SearchField.of_pairs(name, label, value, (("", gettext("All")), *self._pairs(name)))

    def _pairs(self, name: str) -> Pairs:
        if name == "language":
            spoken = ((tag, language_name(tag)) for tag in self._offers.languages)
            return (*spoken, (NONE, gettext("Not known")))
        if name.startswith("point_"):
            return (*self._offers.staff, (NONE, gettext("Unassigned")))
        if name in FIELDS:
            return (*_in_words(FIELDS[name].choices.items()), (NONE, gettext("Not known")))
        return _in_words(_FIXED[name])


def _in_words(choices: Iterable[tuple[str, Text]]) -> Pairs:
    return tuple((value, str(label)) for value, label in choices)


_FIXED: dict[str, list[tuple[str, Text]]] = {
    "attendance": [("often_absent", _("Often absent"))],
    "status": [(choice.value, WORDS[choice]) for choice in (*STATUSES, StatusChoice.ENABLED)],
    "guardians": [("0", _("Nobody connected")), ("1", _("One or more")), ("2", _("Two or more"))],
    "support": [("1", _("In a support")), ("0", _("In none"))],
}


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
