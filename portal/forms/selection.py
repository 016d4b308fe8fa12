"""What was chosen on a list of students, as the list's form sends it."""

from collections.abc import Callable

from flask import request
from wtforms import HiddenField

from portal.db import Refused
from portal.forms.base import Form
from portal.forms.fields import HiddenNumber
from portal.models.students.selection import ListFilter, Selection, Snapshot
from portal.web import htmx
from portal.web.htmx import Answer


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


def answer_for_chosen(list_filter: ListFilter, answer: Callable[[Selection], Answer], *, back: str) -> Answer:
    """Return what `answer` gives for the students who were ticked (`ids`), or for all who match the filter (`all`).

    Where it, or `Selection.of`, raises Refused, the list at the address `back` says why nothing came of it.
    """
    ids = request.form.getlist("ids")
    takes_all = bool(request.form.get("all"))
    try:
        return answer(Selection.of(list_filter, ids=ids, everyone=takes_all))
    except Refused as refusal:
        htmx.flash(str(refusal), "warning")
        return htmx.redirect(back)
