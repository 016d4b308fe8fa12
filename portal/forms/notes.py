"""A note: plain text, its lines kept."""

import unicodedata

from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.forms.form import Form
from portal.models.students.note import LONGEST
from portal.text.language import lazy_gettext as _

TOO_LONG = _("A note holds at most 4,000 characters. Shorten it, or write two.")


def plain(text: str | None) -> str:
    """Composed letters, lines ended alike, no control signs, nothing empty around it."""
    lines = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


class NoteForm(Form):
    text = TextAreaField(
        _("Add a note"),
        [DataRequired(_("Write something first.")), Length(max=LONGEST, message=TOO_LONG)],
        filters=[plain],
    )


class NoteCorrectionForm(NoteForm):
    text = TextAreaField(
        _("Note"),
        [
            DataRequired(_("A note cannot be emptied. Write what is right.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
        filters=[plain],
        id="corrected-text",  # the page behind the dialog has a text of its own
    )
    #: How many versions the note had when it was read.
    seen = IntegerField(validators=[Optional()], widget=HiddenInput())
