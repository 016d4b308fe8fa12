"""What was chosen on a list of students, as the list's form sends it."""

from flask import request
from wtforms import HiddenField

from portal.forms.base import Form
from portal.forms.fields import HiddenNumber
from portal.models.students.selection import Description, Selection, Sight


class SelectionForm(Form):
    """A form about students who were chosen: it carries along who they were when they were looked at."""

    shown = HiddenNumber()
    digest = HiddenField()

    @property
    def seen(self) -> Sight:
        return Sight(self.shown.data or 0, self.digest.data or "")

    @seen.setter
    def seen(self, seen: Sight) -> None:
        self.shown.data, self.digest.data = seen


def sent_selection(wanted: Description) -> Selection:
    """Who was ticked (`ids`), or everyone whom `wanted` describes (`all`). Raises Refused as `Selection.of`."""
    return Selection.of(wanted, ids=request.form.getlist("ids"), everyone=bool(request.form.get("all")))
