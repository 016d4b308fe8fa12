"""What a school's letters are like, whatever they say."""

from typing import Any

from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.forms.form import Form
from portal.text.language import lazy_gettext as _

LINES, LONGEST = 3, 300


def has_few_lines(_form: Any, field: Any) -> None:
    if len((field.data or "").strip().splitlines()) > LINES:
        raise ValidationError(str(_("Use at most three lines.")))


def _few_lines(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        [has_few_lines, Length(max=LONGEST, message=_("Use at most 300 characters."))],
        filters=[lambda text: (text or "").replace("\r\n", "\n").replace("\0", "").strip()],
    )


class LetterSettingsForm(Form):
    paper = SelectField(
        _("Paper"), choices=[SelectChoice("letter", _("US Letter")), SelectChoice("a4", _("A4"))]
    )
    office_contact = _few_lines(_("Whom families ask"))
    letters_have_window = BooleanField(_("Our envelopes have a window"))
    return_address = _few_lines(_("Return address"))

    @property
    def settings(self) -> dict[str, Any]:
        """By the names that the school knows them by."""
        return {
            "paper": self.paper.data,
            "office_contact": self.office_contact.data,
            "letters_have_window": self.letters_have_window.data,
            "return_address": self.return_address.data,
        }
