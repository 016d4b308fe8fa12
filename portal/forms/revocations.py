"""Taking access back: from whom is in the address, to whom and why is here."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from portal.forms.fields import RowsField
from portal.forms.form import Form
from portal.models import Pairing
from portal.models.guardians.pairing import RevocationReason
from portal.policy.permissions import Permission
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
    pairings = RowsField(
        _("Which students?"),
        of=Pairing,
        permission=Permission.REVOKE_GUARDIAN,
        named=lambda pairing: pairing.student.name,
        validators=[InputRequired(_("Choose at least one student."))],
    )
    reason = RadioField(
        _("Why?"),
        choices=[SelectChoice(reason.value, label) for reason, label in REASONS.items()],
        validate_choice=False,
        validators=[AnyOf([reason.value for reason in REASONS], _("Choose a reason."))],
    )
    note = TextAreaField(_("Note"), [Length(max=1000, message=_("Use at most 1,000 characters."))])

    @classmethod
    def of(cls, pairing: Pairing, pairings: Sequence[Pairing]) -> "RevocationForm":
        """The form about these pairings of one guardian; the one that was clicked is ticked."""
        form = cls(pairings=[pairing.public_id])
        form.pairings.offer(pairings)
        return form

    @property
    def why(self) -> RevocationReason:
        return RevocationReason(self.reason.data)

    def validate_note(self, field: Any) -> None:
        field.data = (field.data or "").strip()
        if not field.data and self.reason.data in {reason.value for reason in TO_BE_EXPLAINED}:
            raise ValidationError(_("Write a note: say in a few words what happened."))
