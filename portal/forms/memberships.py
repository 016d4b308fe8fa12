"""The staff of a school: looking for them, and changing what one of them may do."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import Form, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Length, ValidationError

from portal.forms.person import tidy
from portal.forms.sure import SureForm
from portal.models import Membership, School
from portal.models.users.filter import Standing, WantedUsers
from portal.models.users.level_rules import objection_to_person
from portal.policy.delegation import grantable
from portal.policy.permissions import SCHOOL_LEVELS
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _

STANDINGS = {
    Standing.REVIEW: _("Needs review"),
    Standing.OFF_FILE: _("Not on file"),
    Standing.BY_HAND: _("Added by hand"),
    Standing.DUTIES: _("To be taken over"),
    Standing.NEVER_IN: _("Never signed in"),
}


class UserSearchForm(Form):
    """Sent by GET, so nothing is refused: nonsense finds nobody."""

    q = StringField(_("Name or email"))
    school = SelectField(_("School"))
    held = SelectField(_("Access Level"))
    standing = SelectField(_("Show"))

    @classmethod
    def of(cls, schools: Sequence[School]) -> "UserSearchForm":
        """The form as this request fills it, with what can be picked."""
        form = cls(request.args)
        levels = [SelectChoice(level.value, level.label) for level in SCHOOL_LEVELS]
        standings = [SelectChoice(standing.value, label) for standing, label in STANDINGS.items()]
        form.school.choices = [SelectChoice(school.public_id, school.name) for school in schools]
        form.held.choices = [SelectChoice("", _("All")), *levels]
        form.standing.choices = [SelectChoice("", _("Everyone")), *standings]
        return form

    @property
    def wanted(self) -> WantedUsers:
        return WantedUsers.read(request.args)

    @property
    def query(self) -> dict[str, str]:
        """The address of this search, without the page."""
        return {name: value for name, value in self.data.items() if value}


def title_field() -> StringField:
    too_long = _("Use at most 120 characters.")
    return StringField(_("Title"), [Length(max=120, message=too_long)], filters=[tidy])


class MembershipForm(SureForm):
    """Edit Details. Where the level may not be changed, `objection` says why, and none is asked for."""

    title = title_field()
    level = RadioField(_("Access Level"), validate_choice=False)
    #: The level that stood on the page when it was made.
    seen = HiddenField()
    objection: str | None = None
    levels: Mapping[str, Any] = {}

    @classmethod
    def of(cls, membership: Membership, *, by: Any) -> "MembershipForm":
        own = Membership.level_at(membership.school_id, by)
        form = cls(title=membership.title, level=membership.level, seen=membership.level)
        form.objection = objection_to_person(membership, by=by, own=own)
        form.levels = {} if form.objection else {level.value: level for level in grantable(own)}
        form.level.choices = [SelectChoice(level.value, level.label) for level in form.levels.values()]
        return form

    @property
    def to(self) -> Any:
        """The level that was chosen; none where it may not be changed and was left as it is."""
        return self.levels.get(self.level.data)

    def validate_level(self, field: Any) -> None:
        """Only what the page offered can have been sent by it."""
        was_left = bool(self.objection) and not field.raw_data
        if field.data not in self.levels and not was_left:
            raise ValidationError(self.objection or gettext("This access level cannot be given here."))


class DeactivationForm(SureForm):
    #: The level that stood on the page when it was made.
    seen = HiddenField()
