"""What one looks for in the Data Grid. Sent by GET, so nothing is refused: nonsense finds everybody."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import request
from wtforms import Form, IntegerField, SelectChoice, StringField

from portal.forms.fields import PickField
from portal.models.grid.choices import Offers
from portal.models.grid.column import COLUMNS
from portal.models.grid.narrowing import ENABLED, FILTERS, NONE
from portal.models.students.choices import Choices
from portal.models.students.filter import Status
from portal.models.students.planning import FIELDS
from portal.models.supports.point_person import PointKind
from portal.text.language import gettext as _
from portal.text.language import lazy_gettext
from portal.text.language_names import language_name
from portal.web.templating import grade

#: Narrowed by typing a number: at least so many days, or a year.
NUMBERS = {
    "absent": lazy_gettext("Days absent, at least"),
    "late": lazy_gettext("Days late, at least"),
    "planned_graduation": lazy_gettext("Graduation year"),
}

#: Always there; the others when their column is, or while they narrow.
ALWAYS = ("grade", "homeroom", "support")


class GridForm(Form):
    q = StringField(lazy_gettext("Name or student number"))

    @classmethod
    def of_request(cls) -> "GridForm":
        return cls(request.args)

    def inputs(self, columns: Sequence[str], active: Iterable[str]) -> list[Any]:
        """The filters that are shown, in their order."""
        shown = {*ALWAYS, *columns, *active}
        return [self[name] for name in FILTERS if name in shown]

    def offer(self, choices: Choices, offers: Offers) -> None:
        """What can be picked at this school."""
        nobody = (NONE, _("Unassigned"))
        lists = {
            "grade": [*((str(each), grade(each)) for each in choices.grades), (NONE, _("No grade"))],
            "homeroom": [*((each, each) for each in choices.homerooms), (NONE, _("No homeroom"))],
            "language": [*((each, language_name(each)) for each in offers.languages), (NONE, _("Not known"))],
            **{f"point_{kind.value}": [*offers.staff, nobody] for kind in PointKind},
        }
        for name, pairs in lists.items():
            self[name].choices += [SelectChoice(value, label) for value, label in pairs]


def _choices(name: str) -> list[tuple[str, Any]]:
    """What can be picked at every school."""
    if name in FIELDS:
        return [*FIELDS[name].choices.items(), (NONE, lazy_gettext("Not known"))]
    return _FIXED.get(name, [])


_FIXED: dict[str, list[tuple[str, Any]]] = {
    "attendance": [("often_absent", lazy_gettext("Often absent"))],
    "status": [
        (Status.NOT_ENABLED.value, lazy_gettext("Not enabled")),
        (Status.WAITING.value, lazy_gettext("Waiting for the family")),
        (Status.PAIRED.value, lazy_gettext("Paired")),
        (Status.EXPIRED.value, lazy_gettext("Expired")),
        (ENABLED, lazy_gettext("Enabled or paired")),
    ],
    "guardians": [
        ("0", lazy_gettext("Nobody connected")),
        ("1", lazy_gettext("One or more")),
        ("2", lazy_gettext("Two or more")),
    ],
    "support": [("1", lazy_gettext("In a support")), ("0", lazy_gettext("In none"))],
}


def _input(name: str) -> Any:
    if name in NUMBERS:
        return IntegerField(NUMBERS[name])
    label = COLUMNS[name].label if name in COLUMNS else lazy_gettext("Supports")
    everyone = SelectChoice("", lazy_gettext("All"))
    return PickField(label, choices=[everyone, *(SelectChoice(*pair) for pair in _choices(name))])


for _name in FILTERS:
    setattr(GridForm, _name, _input(_name))
