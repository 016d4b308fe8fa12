"""The codes on letters, and making an account with one."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from portal.crypto import signed_links
from portal.db import Refused
from portal.forms.base import Form, TriesForm
from portal.forms.fields import NewPasswordForm, email_field, name_field, new_password_field
from portal.models.guardians.redemption import CodeRefused
from portal.text.access_code import Mistyped, canonical_list, pretty
from portal.text.language import lazy_gettext as _
from portal.text.names import full_name
from portal.web import pending_codes

_T = TypeVar("_T")


def code_field() -> TextAreaField:
    return TextAreaField(_("Student Access Code"))


class CodesForm(TriesForm):
    """A form with room for access codes; `codes` are those that were meant."""

    code: TextAreaField
    codes: Sequence[str] = ()

    def validate_code(self, field: StringField) -> None:
        try:
            self.codes = canonical_list(field.data or "")
        except Mistyped as mistyped:
            raise ValidationError(_name_mistyped(mistyped.typed, field.data) + mistyped.sentence) from None

    def attempt(
        self, verb: Callable[[], _T], *, at: Field | None = None, writes_itself: bool = False
    ) -> _T | None:
        """Do what `Form.attempt` does, for a verb that counts wrong codes. Drop a pending code that is refused."""
        made = super().attempt(lambda: _or_counted(verb), at=at or self.code, writes_itself=writes_itself)
        if isinstance(made, CodeRefused):
            pending_codes.drop(pending_codes.mark_of(made.canonical))
            self.refuse(made, self.code)
            return None
        return made

    def refuse(self, refusal: Refused, field: Field | None = None) -> None:
        """Show why the rules said no; when there are several codes, also which one it is about."""
        if isinstance(refusal, CodeRefused) and len(self.codes) > 1:
            refusal = Refused(f"{pretty(refusal.canonical)}: {refusal}")
        super().refuse(refusal, field)


def _or_counted(verb: Callable[[], _T]) -> _T | CodeRefused:
    try:
        return verb()
    except CodeRefused as refusal:  # returned: the try was counted, and that is to be kept
        return refusal


class RedemptionForm(CodesForm):
    code = code_field()


class DropForm(Form):
    mark = HiddenField()


def _name_mistyped(typed: str, everything: str) -> str:
    """Return the mistyped code and a colon if other codes were typed, too; otherwise an empty text."""
    return f"{typed}: " if typed and typed.strip() != everything.strip() and len(typed) <= 20 else ""


class SignUpForm(CodesForm, NewPasswordForm):
    code = code_field()
    email = email_field(_("Your email"))
    given_name = name_field(_("First name"), DataRequired(_("Enter your first name.")))
    family_name = name_field(_("Last name"))
    password = new_password_field(_("Password"))
    proof = HiddenField()

    def __init__(self, *, kept: list[str], proof: str, **kwargs: Any) -> None:
        """`kept` codes fill the field at first; `proof` is the token of a mailed link, if one was followed."""
        lines = "\n".join(pretty(code) for code in kept)
        super().__init__(code=lines, proof=proof, **kwargs)
        claims = signed_links.read(signed_links.SIGN_UP_CHECK, self.proof.data or "")
        #: The email that the link has proven to be theirs; it cannot be changed in the form.
        self.proven_email: str | None = claims["email"] if claims else None
        if self.proven_email:
            self.email.data = self.proven_email

    #: A code has come whose masked child is yet to be looked at.
    has_new_child = False

    def ask_to_look_again(self) -> None:
        """Show the child of a code before anything is made with it."""
        self.has_new_child = True

    @property
    def status(self) -> int:
        return 422 if self.has_new_child else super().status

    @property
    def full_name(self) -> str:
        return full_name(self.given_name.data or "", self.family_name.data or "")
