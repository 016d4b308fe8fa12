"""Fields of our own: rows within the asker's reach, lists to pick from, days, numbers; names, emails, passwords."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import abort, g
from markupsafe import Markup
from wtforms import (
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    widgets,
)
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Email, InputRequired, Length

from portal import db
from portal.crypto import passwords
from portal.db import Refused, Scoped
from portal.forms.base import Form
from portal.models.rows import PubliclyNamed
from portal.policy.permissions import Permission
from portal.text.language import LazyString
from portal.text.language import lazy_gettext as _

#: What a person reads: a sentence as it is, or one in the language of when it is shown.
Text = str | LazyString

NO_DAY = _("Enter a date such as 2027-06-26.")


class RowField(SelectField):
    """One row of those that are offered. What was not offered does not exist: it refuses the whole request (404)."""

    def __init__(self, label: Text | None = None, *, prompt: Text, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, choices=[SelectChoice("", prompt)], **kwargs)
        self._prompt = prompt
        self._rows: dict[str, PubliclyNamed] = {}

    def offer(self, rows: Iterable[PubliclyNamed], *, named: Callable[[Any], str]) -> None:
        """Show these rows, which are within reach, as choices; only they are accepted."""
        self._rows = {row.public_id: row for row in rows}
        offered = [SelectChoice(public_id, named(row)) for public_id, row in self._rows.items()]
        self.choices = [SelectChoice("", self._prompt), *offered]

    @property
    def row(self) -> Any:
        """The row that was picked; None for none."""
        return self._rows.get(self.data or "")

    def pre_validate(self, form: BaseForm) -> None:
        if self.raw_data and self.data and self.data not in self._rows:
            abort(404)


class DayField(DateField):
    """A day as browsers send it; what is none gets a sentence that says how to write one."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(NO_DAY) from None


class HiddenNumber(IntegerField):
    """A number that the page carries along: it says what it is set to, whatever was sent; not sent, it is none."""

    widget = widgets.HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.process_data(None)
        super().process_formdata(valuelist)

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class _Options(widgets.Select):
    """Options without attributes of their own, in a third of the time: fifty were a sixth of the list of students."""

    @classmethod
    def render_option(cls, choice: SelectChoice) -> Markup:
        return _OPTION % (_SELECTED if choice.selected else "", choice.value, choice.label or choice.value)


_OPTION, _SELECTED = Markup('<option %svalue="%s">%s</option>'), Markup("selected ")


class PickField(SelectField):
    """One of a list, which may be long."""

    widget = _Options()


class RowsField(SelectMultipleField):
    """Check boxes, one for each row that is offered. What was not offered refuses the whole request (404)."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Text | None = None, **kwargs: Any) -> None:
        super().__init__(label, validate_choice=False, **kwargs)
        self._rows: dict[str, PubliclyNamed] = {}

    def offer(self, rows: Iterable[PubliclyNamed], *, named: Callable[[Any], str]) -> None:
        """Show these rows, which are within reach, as choices."""
        self._rows = {row.public_id: row for row in rows}
        self.choices = [(public_id, named(row)) for public_id, row in self._rows.items()]

    @property
    def rows(self) -> Sequence[Any]:
        """The rows that were ticked."""
        return [self._rows[public_id] for public_id in self._rows if public_id in self.data]

    def pre_validate(self, form: BaseForm) -> None:
        if not self._rows.keys() >= set(self.data or ()):
            abort(404)


class ReachableRowsField(RowsField):
    """A RowsField for lists that change meanwhile. It accepts any row of `of` on which the account holds `permission`.

    What was sent is looked up again; one id out of reach refuses the whole request (404).
    """

    def __init__(
        self, label: Text | None = None, *, of: type[Scoped], permission: Permission, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self._of = of
        self._permission = permission

    def pre_validate(self, form: BaseForm) -> None:
        model: Any = self._of
        sent = set(self.data or ())
        reachable = model.visible_to(g.account, self._permission).where(model.public_id.in_(sent))
        self._rows = {row.public_id: row for row in db.session.scalars(reachable).unique()} if sent else {}
        super().pre_validate(form)


def tidy(text: str | None) -> str:
    """Return `text` with single spaces, composed letters and no control characters, and otherwise as typed."""
    composed = unicodedata.normalize("NFC", text or "")
    visible = (" " if unicodedata.category(sign) == "Cc" else sign for sign in composed)
    return " ".join("".join(visible).split())


def lower(text: str | None) -> str:
    """Return `text` tidied and in lower case."""
    return tidy(text).lower()


def plain(text: str | None) -> str:
    """Return `text` with composed letters, uniform line ends, no control characters, and no space around it."""
    lines = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) != "Cc").strip()


def email_field(label: Text, *, missing: Text | None = None) -> EmailField:
    mistyped = _("This email looks mistyped. Write it like name@example.com.")
    return EmailField(
        label,
        [DataRequired(missing or _("Enter your email.")), Email(mistyped), Length(max=254)],
        filters=[lower],
    )


def name_field(label: Text, *validators: DataRequired) -> StringField:
    too_long = _("Use at most 120 characters.")
    return StringField(label, [*validators, Length(max=120, message=too_long)], filters=[tidy])


def title_field() -> StringField:
    too_long = _("Use at most 120 characters.")
    return StringField(_("Title"), [Length(max=120, message=too_long)], filters=[tidy])


def new_password_field(label: Text) -> PasswordField:
    return PasswordField(label, [InputRequired(_("Choose a password."))])


class NewPasswordForm(Form):
    """A form that sets a password; each names the field itself."""

    password: PasswordField

    def accepts_password(self, personal: Iterable[str]) -> bool:
        """Return whether the password is strong enough; the form says why not. `personal` is easily guessed."""
        why = passwords.weakness(self.password.data, personal=[each for each in personal if each])
        if why:
            self.refuse(Refused(why), self.password)
        return why is None
