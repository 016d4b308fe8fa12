"""Putting students into a support, one or many at once, and taking one out."""

from collections.abc import Sequence

from flask import request
from wtforms import HiddenField
from wtforms.validators import InputRequired, Optional, ValidationError

from portal.forms.base import Form
from portal.forms.fields import DayField, RowField, RowsField
from portal.forms.selection import SelectionForm
from portal.models import Student, Support
from portal.models.supports.adding import Days
from portal.policy.permissions import Permission
from portal.text.language import lazy_gettext as _
from portal.web.templating import grade


class DaysForm(Form):
    first_day = DayField(_("First day"), [Optional()])
    last_day = DayField(_("Last day"), [Optional()])

    def validate_last_day(self, last_day: DayField) -> None:
        if self.first_day.data and last_day.data and last_day.data < self.first_day.data:
            raise ValidationError(str(_("The last day comes before the first one.")))

    @property
    def days(self) -> Days:
        return Days(first=self.first_day.data, last=self.last_day.data)


def _named(student: Student) -> str:
    homeroom = student.homeroom.title if student.homeroom else ""
    return " · ".join(filter(None, [student.name, grade(student.grade), homeroom]))


class SupportStudentsForm(DaysForm):
    students = RowsField(
        _("Students"),
        of=Student,
        permission=Permission.EDIT_STUDENT,
        named=_named,
        validators=[InputRequired(_("Tick at least one student."))],
    )
    q = HiddenField()

    @classmethod
    def among(cls, found: Sequence[Student]) -> "SupportStudentsForm":
        """The form with those students to tick whom a search has found."""
        form = cls(q=searched_words())
        form.students.offer(found)
        return form


class RemovalForm(Form):
    """Only asks whether it is really meant."""


def searched_words() -> str:
    """What was typed to find students by: in the address, and kept when the form is sent."""
    return request.values.get("q", "")[:100]


class SupportBatchForm(SelectionForm, DaysForm):
    """`into`, since the Data Grid sends along a filter that is called `support`."""

    into = RowField(
        _("Support"), prompt=_("Choose a support"), validators=[InputRequired(_("Choose a support."))]
    )

    @classmethod
    def among(cls, supports: Sequence[Support]) -> "SupportBatchForm":
        form = cls()
        form.into.offer(supports, named=lambda support: f"{support.name} · {support.lead.name}")
        return form
