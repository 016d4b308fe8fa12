"""What was chosen on a list of students, as the list's form sends it."""

from flask import request
from wtforms import HiddenField

from portal.forms.base import Form
from portal.forms.fields import HiddenNumber
from portal.models.students.selection import ListFilter, Selection, Snapshot


class SelectionForm(Form):
    """A form about students who were chosen: it carries along who they were when they were looked at."""

    shown = HiddenNumber()
    digest = HiddenField()

    @property
    def seen(self) -> Snapshot:
        return Snapshot(self.shown.data or 0, self.digest.data or "")

    @seen.setter
    def seen(self, seen: Snapshot) -> None:
        self.shown.data, self.digest.data = seen


def sent_selection(list_filter: ListFilter) -> Selection:
    """Who was ticked (`ids`), or everyone whom `list_filter` describes (`all`). Raises Refused as `Selection.of`."""
    return Selection.of(list_filter, ids=request.form.getlist("ids"), everyone=bool(request.form.get("all")))
