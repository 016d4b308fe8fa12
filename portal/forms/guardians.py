"""Revoking and restricting access, and how many guardians a student may have."""

from collections.abc import Sequence
from datetime import date

from flask import abort
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from portal import clock
from portal.forms.base import Form
from portal.forms.fields import DayField, RowsField, Text, lower, plain, tidy
from portal.models import Pairing, Student
from portal.models.guardians.list import Connected, guardians_of
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.restricting import CustodyOrder
from portal.text.language import lazy_gettext as _

REASONS = {
    RevocationReason.MOVED_AWAY: _("Moved away"),
    RevocationReason.CUSTODY: _("Custody"),
    RevocationReason.MISTAKE: _("Connected by mistake"),
    RevocationReason.LETTER_LOST: _("Letter lost or shared"),
    RevocationReason.OTHER: _("Other"),
}
#: A word alone does not say enough here for whoever reads the record later.
TO_BE_EXPLAINED = {RevocationReason.CUSTODY, RevocationReason.OTHER}


class RevocationForm(Form):
    pairings = RowsField(_("Which students?"), validators=[InputRequired(_("Choose at least one student."))])
    reason = RadioField(
        _("Why?"),
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
        validate_choice=False,
        validators=[AnyOf([reason.value for reason in REASONS], _("Choose a reason."))],
    )
    note = TextAreaField(_("Note"), [Length(max=1000, message=_("Use at most 1,000 characters."))])

    @classmethod
    def of(cls, pairings: Sequence[Pairing], *, ticked: Pairing) -> "RevocationForm":
        """Return the form about these pairings of one guardian, with `ticked` chosen."""
        form = cls(pairings=[ticked.public_id])
        form.pairings.offer(pairings, named=lambda pairing: pairing.student.name)
        return form

    @property
    def why(self) -> RevocationReason:
        return RevocationReason(self.reason.data)

    def validate_note(self, field: Field) -> None:
        field.data = (field.data or "").strip()
        if not field.data and self.reason.data in {reason.value for reason in TO_BE_EXPLAINED}:
            raise ValidationError(_("Write a note: say in a few words what happened."))


SOMEBODY_ELSE = "else"


def _reason(label: Text) -> TextAreaField:
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
        """Return the form about this student. `chosen` is the public id of the pairing that was clicked."""
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
    def order(self) -> CustodyOrder:
        first_day: date = self.first_day.data
        return CustodyOrder(self.reason.data, self.document.data or None, first_day, self.last_day.data)

    def _expect_one_of(self, connected: Sequence[Connected]) -> None:
        """Ask for no email of somebody who is connected. Answer 404 for anybody else who was not offered."""
        known = {each.public_id for each in connected}
        if self.person.data in known:
            self.email.validators = [Optional()]
        elif self.person.data != SOMEBODY_ELSE:
            abort(404)


class RestrictionEndForm(Form):
    reason = _reason(_("Why does it end?"))


FEWEST, MOST = 1, 20

OUTSIDE = _("Enter a number from 1 to 20.")


class CountField(IntegerField):
    """A whole number; what is none gets the same sentence as one that is out of range."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(OUTSIDE) from None


class GuardianLimitForm(Form):
    limit = CountField(_("Guardians at most"), [InputRequired(OUTSIDE), NumberRange(FEWEST, MOST, OUTSIDE)])
