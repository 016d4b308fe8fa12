"""Which columns the Data Grid shows."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectChoice, SelectMultipleField, widgets

from portal.forms.form import Form
from portal.models.grid.column import GROUPS, Column
from portal.text.language import lazy_gettext as _


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
