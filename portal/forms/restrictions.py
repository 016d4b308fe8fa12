"""Keeping somebody from seeing a student: whom, why, and for how long. And ending that."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from portal import clock
from portal.forms.fields import DayField
from portal.forms.form import Form
from portal.forms.notes import plain
from portal.forms.person import lower, tidy
from portal.models import Student
from portal.models.guardians.list import Connected, guardians_of
from portal.models.guardians.restricting import Order
from portal.text.language import lazy_gettext as _

SOMEBODY_ELSE = "else"


def _reason(label: Any) -> TextAreaField:
    given = DataRequired(_("Write why, for your colleagues."))
    return TextAreaField(
        label, [given, Length(max=1000, message=_("Use at most 1,000 characters."))], filters=[plain]
    )


class RestrictionForm(Form):
    person = RadioField(_("Who may not see the student?"), validate_choice=False)
    email = EmailField(
        _("Their email"),
        [
            DataRequired(_("Enter their email.")),
            Email(_("This email looks mistyped. Write it like name@example.com.")),
            Length(max=254),
        ],
        filters=[lower],
    )
    reason = _reason(_("Why?"))
    document = StringField(
        _("Document"), [Length(max=200, message=_("Use at most 200 characters."))], filters=[tidy]
    )
    first_day = DayField(_("From"), [InputRequired(_("Enter the first day."))])
    last_day = DayField(_("Until"), [Optional()])
    replaces_code = BooleanField(_("Replace the access code, since they may know it"), default=True)

    connected: Sequence[Connected]

    @classmethod
    def of(cls, student: Student, chosen: str = "") -> "RestrictionForm":
        """The form about this student; `chosen` is the pairing that was clicked."""
        connected = [person for person in guardians_of(student).connected if not person.is_barred]
        form = cls(person=chosen or SOMEBODY_ELSE, first_day=clock.today(student.school.time_zone))
        form.connected = connected
        named = [SelectChoice(each.public_id, f"{each.name} · {each.email}") for each in connected]
        form.person.choices = [*named, SelectChoice(SOMEBODY_ELSE, _("Somebody who is not connected"))]
        form._expect_one_of(connected)
        return form

    @property
    def whom(self) -> str:
        """The email of the person."""
        picked = next((each.email for each in self.connected if each.public_id == self.person.data), None)
        return picked or self.email.data

    @property
    def order(self) -> Order:
        first_day: date = self.first_day.data
        return Order(self.reason.data, self.document.data or None, first_day, self.last_day.data)

    def _expect_one_of(self, connected: Sequence[Connected]) -> None:
        """A pairing out of reach does not exist; who is connected needs no email."""
        known = {each.public_id for each in connected}
        if self.person.data in known:
            self.email.validators = [Optional()]
        elif self.person.data != SOMEBODY_ELSE:
            abort(404)


class RestrictionEndForm(Form):
    reason = _reason(_("Why does it end?"))
