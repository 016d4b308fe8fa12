"""The staff of a school: searching, changing one or several."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from flask import g, request
from wtforms import Form as PlainForm
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from portal.db import Refused
from portal.forms.base import ReauthenticationForm
from portal.forms.fields import title_field
from portal.models import Account, Membership, School
from portal.models.users.filter import Standing, UserFilter, chosen_users
from portal.models.users.level_batch import LevelBatch, plan_levels
from portal.models.users.level_rules import objection_to_person
from portal.policy.chart import summary_of
from portal.policy.delegation import Access, grantable
from portal.policy.permissions import SCHOOL_LEVELS, StaffLevel
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _

STANDINGS = {
    Standing.REVIEW: _("Needs review"),
    Standing.OFF_FILE: _("Not on file"),
    Standing.BY_HAND: _("Added by hand"),
    Standing.DUTIES: _("To be taken over"),
    Standing.NEVER_IN: _("Never signed in"),
}


class UserSearchForm(PlainForm):
    """The search above the list. It is sent by GET and refuses nothing: what makes no sense finds nobody."""

    q = StringField(_("Name or email"))
    school = SelectField(_("School"))
    held = SelectField(_("Access Level"))
    standing = SelectField(_("Show"))

    @classmethod
    def of(cls, schools: Sequence[School]) -> Self:
        """Return the form as this request fills it, with what can be picked."""
        form = cls(request.args)
        levels = [SelectChoice(level.value, level.label) for level in SCHOOL_LEVELS]
        standings = [SelectChoice(standing.value, label) for standing, label in STANDINGS.items()]
        form.school.choices = [SelectChoice(school.public_id, school.name) for school in schools]
        form.held.choices = [SelectChoice("", _("All")), *levels]
        form.standing.choices = [SelectChoice("", _("Everyone")), *standings]
        return form

    @property
    def filter(self) -> UserFilter:
        """The filter of the list."""
        return UserFilter.from_query(request.args)

    @property
    def query(self) -> dict[str, str]:
        """The address of this search, without the page."""
        return {name: value for name, value in self.data.items() if value}


class MembershipForm(ReauthenticationForm):
    """Edit Details. Where the level may not be changed, `objection` says why, and none is asked for."""

    title = title_field()
    level = RadioField(_("Access Level"), validate_choice=False)
    #: The level that stood on the page when it was made.
    seen = HiddenField()
    objection: str | None = None
    levels: Mapping[str, StaffLevel] = {}
    summaries: ClassVar = {level.value: summary_of(level) for level in SCHOOL_LEVELS}

    @classmethod
    def of(cls, membership: Membership, *, by: Account) -> Self:
        """Return the form as `membership` is now, with the levels that `by` may give."""
        own = Membership.access_of(by, membership.school_id)
        form = cls(title=membership.title, level=membership.level, seen=membership.level)
        form.objection = objection_to_person(membership, by=by, own=own)
        form.levels = {} if form.objection else {level.value: level for level in grantable(own)}
        form.level.choices = [SelectChoice(level.value, level.label) for level in form.levels.values()]
        return form

    @property
    def to(self) -> Access | None:
        """The access that was chosen; none where it may not be changed and was left as it is."""
        level = self.levels.get(self.level.data)
        return Access(level) if level else None

    def validate_level(self, field: Any) -> None:
        """Refuse a level that the page did not offer."""
        was_left = bool(self.objection) and not field.raw_data
        if field.data not in self.levels and not was_left:
            raise ValidationError(self.objection or gettext("This access level cannot be given here."))


class DeactivationForm(ReauthenticationForm):
    """The confirmation that somebody's access is taken away."""

    #: The level that stood on the page when it was made.
    seen = HiddenField()


class LevelBatchForm(PlainForm):
    """The form that asks for one access level for all who are ticked."""

    level = SelectField(_("Access Level"))

    @classmethod
    def at(cls, school: School, *, by: Account) -> Self:
        """Return the form with the levels that `by` may give at `school`."""
        form = cls()
        levels = [
            SelectChoice(each.value, each.label) for each in grantable(Membership.access_of(by, school.id))
        ]
        form.level.choices = [SelectChoice("", gettext("Choose")), *levels]
        return form


class LevelChangeForm(ReauthenticationForm):
    """The confirmation that several people get the same level."""

    level = HiddenField()

    @classmethod
    def of_request(cls) -> Self:
        """Return the form with the level that the list sent in the address."""
        return cls(level=request.args.get("level", ""))

    def plan(self, school: School | None) -> LevelBatch | None:
        """Return what would happen; none when nothing can, and the form says why. Raises OutOfReach."""
        rows = sent_users(school)
        to = next((level for level in SCHOOL_LEVELS if level.value == self.level.data), None)
        try:
            if to is None:
                raise Refused(gettext("Choose an access level first."))
            return plan_levels(rows, to, by=g.account)
        except Refused as refusal:
            self.refuse(refusal)
            return None


def sent_users(school: School | None) -> Sequence[Membership]:
    """Return those who were ticked, or with `all` everybody on the list. Raises OutOfReach."""
    everyone = school if request.values.get("all") else None
    return chosen_users(
        UserFilter.from_query(request.values),
        ids=request.values.getlist("ids"),
        everyone_of=everyone,
        by=g.account,
    )
