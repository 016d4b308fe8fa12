"""The code on the letter, or several."""

from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from portal.db import Refused
from portal.forms.form import Form
from portal.forms.tries import TriesForm
from portal.models.guardians.redemption import CodeRefused
from portal.text.access_code import Mistyped, canonical_list, pretty
from portal.text.language import lazy_gettext as _


def code_field() -> TextAreaField:
    return TextAreaField(_("Student Access Code"))


class CodesForm(TriesForm):
    """A form with room for access codes; `codes` are those that were meant."""

    code: TextAreaField
    codes: list[str]

    def validate_code(self, field: StringField) -> None:
        try:
            self.codes = canonical_list(field.data or "")
        except Mistyped as mistyped:
            raise ValidationError(_which(mistyped.typed, field.data) + mistyped.sentence) from None

    def refuse_code(self, refusal: CodeRefused) -> None:
        """Say why at the field; when there are several codes, also which one."""
        several = len(self.codes) > 1
        named = f"{pretty(refusal.canonical)}: {refusal}" if several else str(refusal)
        self.refuse(Refused(named), self.code)


class RedemptionForm(CodesForm):
    code = code_field()


class DropForm(Form):
    mark = HiddenField()


def _which(typed: str, everything: str) -> str:
    """The mistyped one, when it stands among others."""
    return f"{typed}: " if typed and typed.strip() != everything.strip() and len(typed) <= 20 else ""
