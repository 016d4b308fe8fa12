"""To whom the login instructions are sent."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.forms.fields import PickField
from portal.forms.form import Form
from portal.models import Contact, Student
from portal.models.mail.instructions import contacts_with_email
from portal.text.language import lazy_gettext as _


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

    def validate_contact(self, field: Any) -> None:
        if not self.contacts or self.email.data:
            return
        if not field.data:
            raise ValidationError(_("Choose a contact or type an address."))
        if self._chosen is None:
            raise ValidationError(_("This contact is no longer on file. Choose another one."))

    def validate_email(self, field: Any) -> None:
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
