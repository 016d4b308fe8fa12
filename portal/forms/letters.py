"""A school's letters: paper and envelope, and their words."""

from collections.abc import Mapping

from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import LetterPreview
from portal.documents.printing.orders import preview_letter
from portal.documents.sample import EDITABLE
from portal.documents.wording_check import checked
from portal.forms.base import Form
from portal.forms.fields import Text
from portal.text.language import lazy_gettext as _
from portal.web.errors import TooBusy

LINES, LONGEST = 3, 300


def refuse_many_lines(_form: Form, field: Field) -> None:
    if len((field.data or "").strip().splitlines()) > LINES:
        raise ValidationError(str(_("Use at most three lines.")))


def _few_lines(label: Text) -> TextAreaField:
    return TextAreaField(
        label,
        [refuse_many_lines, Length(max=LONGEST, message=_("Use at most 300 characters."))],
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
    def settings(self) -> dict[str, str | bool]:
        """The settings, by the names of the school's columns."""
        return {
            "paper": self.paper.data,
            "office_contact": self.office_contact.data,
            "letters_have_window": self.letters_have_window.data,
            "return_address": self.return_address.data,
        }


def refuse_what_cannot_stand(_form: Form, field: Field) -> None:
    """Keep the text as it will be stored, or say what cannot stand on a letter."""
    if not field.raw_data:  # a form that lost a field on its way must not empty that box
        raise ValidationError(str(_("This field did not arrive. Open the page again.")))
    try:
        field.html = checked((field.data or "").replace("\r\n", "\n"))
    except Refused as refusal:
        raise ValidationError(str(refusal)) from None


class LetterWordingForm(Form):
    """`seen` is the id of the text that the author began with."""

    #: Seconds to wait, where too many letters are being laid out.
    retry_after: int | None = None
    seen = HiddenField()
    lead = TextAreaField(_("Opening"), [refuse_what_cannot_stand])
    newcomer = TextAreaField(_("For families who are new"), [refuse_what_cannot_stand])
    returning = TextAreaField(_("For families with an account"), [refuse_what_cannot_stand])
    safe = TextAreaField(_("Keeping the letter safe"), [refuse_what_cannot_stand])
    questions = TextAreaField(_("Questions"), [refuse_what_cannot_stand])

    @property
    def texts(self) -> list[Field]:
        """The fields of the boxes, in the order of the page."""
        return [self[box] for box in EDITABLE]

    def written(self, starters: Mapping[str, str]) -> dict[str, str]:
        """Return the texts to be stored, by box: those that differ from our own words. An empty field restores ours."""
        return {box: self[box].html for box in EDITABLE if self[box].html not in ("", starters[box])}

    @property
    def seen_id(self) -> int | None:
        """The id of the wording that was on the page; None if there was none, or for anything but a number."""
        return int(self.seen.data) if str(self.seen.data or "").isdecimal() else None

    @property
    def status(self) -> int:
        """503 when too many letters are being laid out; otherwise as for every form."""
        return 503 if self.retry_after else super().status

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are sent with the page."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}

    def lay_out(self, letter: Letter) -> LetterPreview | None:
        """Return the preview of the letter. If it cannot be laid out, show why above the form and return None."""
        try:
            return preview_letter(letter)
        except TooBusy as refusal:
            self.retry_after = refusal.seconds
            self.refuse(refusal)
        except PrintingFailed as failure:
            self.refuse(Refused(str(failure)))
        return None

    def accepts_layout(self, letter: Letter) -> bool:
        """Whether every text has room in its place on the letter; says why when not."""
        preview = self.lay_out(letter)
        for box in preview.crowded if preview else ():
            refusal = _("This is too long for its place on the page. Leave something out.")
            self.refuse(Refused(str(refusal)), self[box])
        return self.status == 200
