"""Making an account, with the code on the letter."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired

from portal.crypto import signed_links
from portal.forms.person import NewPasswordForm, email_field, name_field, new_password_field
from portal.forms.redemptions import CodesForm, code_field
from portal.text.access_code import pretty
from portal.text.language import lazy_gettext as _


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
        return f"{self.given_name.data} {self.family_name.data}".strip()
