"""Add User at a school or network: the person and their access, then the confirmation of trusted status."""

from collections.abc import Mapping
from typing import Any, Self

from flask import request
from wtforms import BooleanField, SelectChoice, SelectField
from wtforms.validators import DataRequired, ValidationError

from portal.forms.base import Form, ReauthenticationForm
from portal.forms.fields import email_field, name_field, title_field
from portal.forms.network_users import AccessForm, PortfolioForm
from portal.models import Account, Membership, Network, NetworkMembership, School
from portal.models.users.adding import Newcomer
from portal.models.users.level_rules import schools_to_give
from portal.models.users.trusted_status import wording_for
from portal.policy.delegation import Access, grantable
from portal.policy.evaluator import has_portfolio, lets_in
from portal.policy.permissions import StaffLevel
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class NewcomerForm(Form):
    """The form that asks who is to be added."""

    given_name = name_field(_("First name"), DataRequired(_("Enter a first name, or the only name.")))
    family_name = name_field(_("Last name"))
    email = email_field(_("Email"), missing=_("Enter their email."))
    title = title_field()
    #: The levels that are offered, by the value that is sent.
    levels: Mapping[str, StaffLevel] = {}

    @property
    def newcomer(self) -> Newcomer:
        """The person as typed."""
        return Newcomer(
            given_name=self.given_name.data, family_name=self.family_name.data, email=self.email.data,
            title=self.title.data,
        )  # fmt: skip

    @property
    def access(self) -> Access:
        """The access that they are given, once the form is valid."""
        raise NotImplementedError


class TrustForm(NewcomerForm, ReauthenticationForm):
    """The second step: what was typed before, unseen, with the box that must be ticked (rule B7)."""

    is_trusted = BooleanField(
        _("I confirm this"), [DataRequired(_("Tick the box: without it, nobody is added."))]
    )

    @property
    def carried(self) -> list[Any]:
        """The fields of the page before."""
        return [self.given_name, self.family_name, self.email, self.title, self["level"]]

    @property
    def level_label(self) -> str:
        """The label of the chosen level; a dash for a level that was not offered."""
        level = self.levels.get(self["level"].data)
        return level.label if level else "–"

    def wording(self, place: School | Network) -> str:
        """Return the sentence that is confirmed, and kept."""
        return wording_for(self.newcomer.name, place)


class NewUserForm(NewcomerForm):
    """Add User at a school, with the levels that may be given there."""

    level = SelectField(_("Access Level"), validate_choice=False)

    @classmethod
    def at(cls, school: School, *, by: Account) -> Self:
        """Return the form with the levels that `by` may give at `school`, without No Access."""
        form = cls()
        offered = grantable(Membership.access_of(by, school.id))
        form.levels = {level.value: level for level in offered if lets_in(level)}
        choices = [SelectChoice(level.value, level.label) for level in form.levels.values()]
        form.level.choices = [SelectChoice("", _("Choose")), *choices]
        return form

    def validate_level(self, field: Any) -> None:
        """Refuse a level that was not offered."""
        if field.data not in self.levels:
            raise ValidationError(gettext("Choose an access level."))

    @property
    def access(self) -> Access:
        """The level that was chosen, once the form is valid."""
        return Access(self.levels[self.level.data])


class TrustedUserForm(NewUserForm, TrustForm):
    """The second step at a school."""


class NewNetworkUserForm(AccessForm, NewcomerForm):
    """Add User at a network, first step."""

    @classmethod
    def blank(cls) -> Self:
        """Return the form with every level that a form may give; the second step refuses what `by` may not."""
        form = cls()
        form.offer()
        return form

    def is_sent(self) -> bool:
        """Return whether this page was filled in; not when somebody comes back to it from the second step."""
        return "back" not in request.form and bool(self.validate_on_submit())


class TrustedNetworkUserForm(PortfolioForm, NewNetworkUserForm, TrustForm):
    """The second step at a network, which asks for the portfolio too."""

    @classmethod
    def at(cls, network: Network, *, by: Account) -> Self:
        """Return the form with the schools that `by` may put into a portfolio."""
        form = cls()
        form.offer_schools(schools_to_give(network, NetworkMembership.access_of(by, network.id)))
        return form

    @property
    def asks_portfolio(self) -> bool:
        """Whether the chosen level has one."""
        level = self.levels.get(self.level.data)
        return bool(level and has_portfolio(level))
