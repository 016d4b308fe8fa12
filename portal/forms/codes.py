"""Access codes: searching the list, resetting one, mailing instructions, confirming something for many."""

from functools import cached_property

from email_validator import EmailNotValidError, validate_email
from flask import request
from wtforms import Field, HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.forms.base import Form, ReauthenticationForm
from portal.forms.fields import PickField
from portal.forms.searching import SearchField
from portal.forms.students import StudentSearchForm
from portal.models import Batch, Contact, Student
from portal.models.codes.family_status import STATUSES, StatusChoice
from portal.models.codes.outcome import Act
from portal.models.letters.list import LetterOrder
from portal.models.mail.instructions import contacts_with_email
from portal.models.students.filter import StudentFilter
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class AccessSearchForm(StudentSearchForm):
    """The search above the list of access codes."""

    def _read(self) -> StudentFilter:
        return StudentFilter.from_query(request.args)

    @cached_property
    def fields(self) -> list[SearchField]:
        titles, status = self._choices.courses, self.filter.status or ""
        statuses = (("", gettext("All")), *((each.value, each.label) for each in _STATUSES))
        return [
            *super().fields,
            *(
                [SearchField.of_titles("class", gettext("Class"), self.filter.course, titles)]
                if titles
                else []
            ),
            SearchField.of_pairs("status", gettext("Status"), status, statuses),
        ]

    @property
    def takes_all(self) -> bool:
        """Whether everybody in the list is ticked to begin with, as where a bar of the board leads here."""
        return request.args.get("all") == "1"

    @property
    def ticks_page(self) -> bool:
        """Whether everybody on this page is ticked to begin with: how the whole page is ticked without a script."""
        return request.args.get("ticked") == "page"


_STATUSES = (*STATUSES, StatusChoice.NO_CODE, StatusChoice.UNPAIRED, StatusChoice.ONE_GUARDIAN)


class CodeResetForm(Form):
    #: The public id of the code's row, never the code.
    seen = HiddenField(
        validators=[InputRequired(_("This page is not complete. Reload it and try again.")), Length(max=22)]
    )


class InstructionMailForm(Form):
    """A contact on file, or any address typed; a typed one wins."""

    contact = PickField(_("Contact on file"), validate_choice=False)
    email = StringField(_("Another address"), [Optional(), Length(max=254)])

    contacts: list[Contact]

    @classmethod
    def of(cls, student: Student) -> "InstructionMailForm":
        form = cls()
        form.contacts = contacts_with_email(student)
        form.contact.choices = [SelectChoice("", _("Choose a contact")), *map(_choice, form.contacts)]
        if not form.contacts:
            form.email.label.text = _("Email address")
            form.email.validators = [InputRequired(_("Enter an email address."))]
        return form

    def validate_contact(self, field: Field) -> None:
        if not self.contacts or self.email.data:
            return
        if not field.data:
            raise ValidationError(_("Choose a contact or type an address."))
        if self._chosen is None:
            raise ValidationError(_("This contact is no longer on file. Choose another one."))

    def validate_email(self, field: Field) -> None:
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_("Enter an email address such as name@example.org.")) from None

    @property
    def reader(self) -> tuple[str, str | None]:
        """The address, and the language of whoever reads there, when known."""
        chosen = self._chosen
        if chosen:
            return chosen.email or "", chosen.language
        address = validate_email(self.email.data or "", check_deliverability=False).normalized
        on_file = {contact.email: contact.language for contact in self.contacts}
        return address, on_file.get(address)

    @property
    def _chosen(self) -> Contact | None:
        """The contact that was picked; none when an address was typed."""
        picked = None if self.email.data else self.contact.data
        return next((contact for contact in self.contacts if contact.public_id == picked), None)


def _choice(contact: Contact) -> SelectChoice:
    return SelectChoice(contact.public_id, f"{contact.name} · {contact.email}")


#: What destroys letters or takes codes out of the portal.
WEIGHTY = {Act.RESET, Act.EXPORT, Act.LETTERS}


class BatchForm(ReauthenticationForm):
    """A form with nothing to fill in, except the password for weighty acts."""

    is_weighty = False

    @property
    def asks_password(self) -> bool:
        return self.is_weighty and super().asks_password

    @property
    def letter_order(self) -> LetterOrder:
        """The order in which letters are printed, if the act prints any."""
        return LetterOrder.HOMEROOM


class PrintForm(BatchForm):
    """A form that asks in which order letters are printed."""

    order = RadioField(
        _("Which letters lie together?"),
        [InputRequired(_("Choose how the letters are ordered."))],
        choices=[
            SelectChoice(
                LetterOrder.HOMEROOM.value, _("By homeroom, then by name: to be handed out in class")
            ),
            SelectChoice(LetterOrder.HOUSEHOLD.value, _("Brothers and sisters together: to be posted")),
        ],
        default=LetterOrder.HOMEROOM.value,
    )

    @property
    def letter_order(self) -> LetterOrder:
        return LetterOrder(self.order.data)


def form_for(batch: Batch) -> BatchForm:
    """Return the form that confirms the batch's act."""
    form = PrintForm() if batch.act == Act.LETTERS else BatchForm()
    form.is_weighty = batch.act in WEIGHTY
    return form
