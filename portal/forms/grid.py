"""The Data Grid: searching, choosing columns, changing a field for many."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request
from wtforms import Form as PlainForm
from wtforms import (
    IntegerField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    widgets,
)

from portal.forms.base import Form
from portal.forms.fields import PickField
from portal.models.codes.family_status import STATUSES, WORDS, StatusChoice
from portal.models.grid.choices import Offers
from portal.models.grid.column import COLUMNS, GROUPS, Column
from portal.models.grid.narrowing import FILTERS, NONE
from portal.models.students.choices import Choices
from portal.models.students.planning import FIELDS
from portal.models.supports.point_person import PointKind
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _
from portal.text.language_names import language_name
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

    def inputs(self, columns: Sequence[str], active: Iterable[str]) -> list[Any]:
        """The filters that are shown, in their order."""
        shown = {*ALWAYS, *columns, *active}
        return [self[name] for name in FILTERS if name in shown]

    def offer(self, choices: Choices, offers: Offers) -> None:
        """What can be picked at this school."""
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


def _choices(name: str) -> list[tuple[str, Any]]:
    """What can be picked at every school."""
    if name in FIELDS:
        return [*FIELDS[name].choices.items(), (NONE, _("Not known"))]
    return _FIXED.get(name, [])


_FIXED: dict[str, list[tuple[str, Any]]] = {
    "attendance": [("often_absent", _("Often absent"))],
    "status": [(choice.value, WORDS[choice]) for choice in (*STATUSES, StatusChoice.ENABLED)],
    "guardians": [
        ("0", _("Nobody connected")),
        ("1", _("One or more")),
        ("2", _("Two or more")),
    ],
    "support": [("1", _("In a support")), ("0", _("In none"))],
}


def _input(name: str) -> Any:
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
    def groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes, put together as people think of them."""
        of_group = {
            group: [box for box in self.columns if self._columns[box.data].group == group] for group in GROUPS
        }
        return [(str(GROUPS[group]), boxes) for group, boxes in of_group.items() if boxes]
