"""Add User: who it is, and then that they may be trusted with children's records."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import DataRequired, ValidationError

from portal.forms.form import Form
from portal.forms.memberships import title_field
from portal.forms.person import email_field, name_field
from portal.forms.sure import SureForm
from portal.models import Membership, School
from portal.models.users.adding import Newcomer
from portal.policy.delegation import grantable
from portal.policy.permissions import GRANTS, Permission
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class NewUserForm(Form):
    given_name = name_field(_("First name"), DataRequired(_("Enter a first name, or the only name.")))
    family_name = name_field(_("Last name"))
    email = email_field(_("Email"), missing=_("Enter their email."))
    title = title_field()
    level = SelectField(_("Access Level"), validate_choice=False)
    levels: Mapping[str, Any] = {}

    @classmethod
    def at(cls, school: School, *, by: Any) -> Any:
        """The form with the levels that `by` may give at `school`; one that opens nothing is no use here."""
        form = cls()
        offered = grantable(Membership.level_at(school.id, by))
        form.levels = {level.value: level for level in offered if Permission.SIGN_IN in GRANTS[level]}
        choices = [SelectChoice(level.value, level.label) for level in form.levels.values()]
        form.level.choices = [SelectChoice("", _("Choose")), *choices]
        return form

    def validate_level(self, field: Any) -> None:
        if field.data not in self.levels:
            raise ValidationError(gettext("Choose an access level."))

    @property
    def newcomer(self) -> Newcomer:
        return Newcomer(
            given_name=self.given_name.data, family_name=self.family_name.data, email=self.email.data,
            title=self.title.data, level=self.levels[self.level.data],
        )  # fmt: skip


class TrustedStatusForm(NewUserForm, SureForm):
    """The same once more, unseen, with the box that must be ticked."""

    is_trusted = BooleanField(
        _("I confirm this"), [DataRequired(_("Tick the box: without it, nobody is added."))]
    )

    @property
    def carried(self) -> list[Any]:
        """The fields of the page before."""
        return [self.given_name, self.family_name, self.email, self.title, self.level]
