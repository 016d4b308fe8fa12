"""What one looks for on the page Student/Parent Portal Access."""

from collections.abc import Sequence

from flask import request
from wtforms import SelectChoice

from portal.forms.fields import PickField
from portal.forms.students import StudentSearchForm
from portal.models import School
from portal.models.students.choices import Choices
from portal.models.students.filter import Status, Wanted
from portal.text.language import gettext as _
from portal.text.language import lazy_gettext


class AccessSearchForm(StudentSearchForm):
    course = PickField(lazy_gettext("Class"), name="class")
    status = PickField(lazy_gettext("Status"))

    def offer(self, schools: Sequence[School], choices: Choices) -> None:
        super().offer(schools, choices)
        everyone = SelectChoice("", _("All"))
        self.course.choices = [everyone, *(SelectChoice(title, title) for title in choices.courses)]
        self.status.choices = [everyone, *(SelectChoice(status.value, word) for status, word in _words())]

    @property
    def wanted(self) -> Wanted:
        return Wanted.read(request.args)

    @property
    def takes_all(self) -> bool:
        """Whether everybody in the list is ticked to begin with, as where a bar of the board leads here."""
        return request.args.get("all") == "1"

    @property
    def ticks_page(self) -> bool:
        """Whether everybody on this page is ticked to begin with: how the whole page is ticked without a script."""
        return request.args.get("ticked") == "page"


def _words() -> list[tuple[Status, str]]:
    return [
        (Status.NOT_ENABLED, _("Not enabled")),
        (Status.WAITING, _("Waiting for the family")),
        (Status.PAIRED, _("Paired")),
        (Status.EXPIRED, _("Expired")),
        (Status.NO_CODE, _("No code that works")),
        (Status.UNPAIRED, _("Nobody connected")),
        (Status.ONE_GUARDIAN, _("One guardian only")),
    ]
