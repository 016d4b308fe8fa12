"""The people of a network: adding one in two steps, and changing what one of them may do."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectMultipleField, widgets
from wtforms.validators import DataRequired, InputRequired, ValidationError

from portal.forms.base import Form, ReauthenticationForm
from portal.forms.person import email_field, name_field
from portal.forms.users import title_field
from portal.models import Network, NetworkMembership, School
from portal.models.users.network_access import access_of, own_access, schools_to_give
from portal.models.users.network_adding import Person
from portal.policy.chart import summary_of
from portal.policy.delegation import Access, Portfolio
from portal.policy.grants import has_portfolio
from portal.policy.levels import NETWORK_LEVELS
from portal.policy.permissions import APPOINTED
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _

ALL_SCHOOLS, LISTED = "all", "listed"

_NAMED = {level.value: level for level in NETWORK_LEVELS}


class _AccessForm(Form):
    """What somebody is to hold. What may not be given is offered all the same, and refused with the rule."""

    level = RadioField(_("Access Level"), [InputRequired(_("Choose an access level."))], validate_choice=True)
    can_manage_users = BooleanField(_("Can Manage Users"))
    summaries: ClassVar = {level.value: summary_of(level) for level in NETWORK_LEVELS}

    def offer(self) -> None:
        self.level.choices = [SelectChoice(level.value, level.label) for level in self.levels]

    @property
    def levels(self) -> Sequence[Any]:
        return [each for each in NETWORK_LEVELS if each not in APPOINTED]

    @property
    def chosen(self) -> Any:
        """The level that was picked, once the form is valid."""
        return _NAMED[self.level.data]


class _PortfolioForm(_AccessForm):
    """With the schools of a portfolio, for the level that has one."""

    reach = RadioField(
        _("Portfolio"),
        choices=[SelectChoice(ALL_SCHOOLS, _("All schools")), SelectChoice(LISTED, _("These schools"))],
        default=LISTED,
    )
    schools = SelectMultipleField(
        _("Schools"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,
    )
    rows: Sequence[School] = ()

    def offer_schools(self, schools: Sequence[School]) -> None:
        self.offer()
        self.rows = schools
        self.schools.choices = [SelectChoice(school.public_id, school.name) for school in schools]

    def validate_schools(self, field: Any) -> None:
        """One school out of reach refuses the whole list."""
        if not set(field.data or ()) <= {school.public_id for school in self.rows}:
            raise ValidationError(gettext("Choose from the schools on the list."))

    @property
    def access(self) -> Access:
        ticked = frozenset(school.id for school in self.rows if school.public_id in (self.schools.data or ()))
        portfolio = Portfolio(is_all=True) if self.reach.data == ALL_SCHOOLS else Portfolio(False, ticked)
        is_open = has_portfolio(self.chosen)
        return Access(self.chosen, self.can_manage_users.data, portfolio if is_open else Portfolio(False))


class NetworkUserForm(_AccessForm):
    """Add User, first step."""

    given_name = name_field(_("First name"), DataRequired(_("Enter a first name, or the only name.")))
    family_name = name_field(_("Last name"))
    email = email_field(_("Email"), missing=_("Enter their email."))
    title = title_field()

    @classmethod
    def blank(cls) -> Any:
        form = cls()
        form.offer()
        return form

    def is_sent(self) -> bool:
        """Whether this page was filled in; not when somebody comes back to it from the second step."""
        return "back" not in request.form and bool(self.validate_on_submit())

    @property
    def person(self) -> Person:
        return Person(
            given_name=self.given_name.data, family_name=self.family_name.data, email=self.email.data,
            title=self.title.data,
        )  # fmt: skip


class NetworkPortfolioForm(_PortfolioForm, NetworkUserForm, ReauthenticationForm):
    """Add User, second step: what was typed before unseen, the portfolio, and the box that must be ticked."""

    is_trusted = BooleanField(
        _("I confirm this"), [DataRequired(_("Tick the box: without it, nobody is added."))]
    )

    @classmethod
    def at(cls, network: Network, *, by: Any) -> Any:
        form = cls()
        form.offer_schools(schools_to_give(network, own_access(network, by)))
        return form

    @property
    def level_name(self) -> str:
        """What the chosen level is called."""
        chosen = _NAMED.get(self.level.data)
        return chosen.label if chosen else "–"

    @property
    def asks_portfolio(self) -> bool:
        """Whether the chosen level has one."""
        chosen = _NAMED.get(self.level.data)
        return chosen is not None and has_portfolio(chosen)

    @property
    def carried(self) -> list[Any]:
        """The fields of the page before."""
        return [self.given_name, self.family_name, self.email, self.title, self.level]


class NetworkAccessForm(_PortfolioForm, ReauthenticationForm):
    """Edit Details of somebody who belongs to the network."""

    #: The level that stood on the page when it was made.
    seen = HiddenField()

    @classmethod
    def of(cls, row: NetworkMembership, *, by: Any) -> Any:
        access = access_of(row)
        schools = schools_to_give(row.network, own_access(row.network, by))
        form = cls(
            level=row.level,
            seen=row.level,
            can_manage_users=row.can_manage_users,
            reach=ALL_SCHOOLS if row.portfolio_is_all else LISTED,
            schools=[school.public_id for school in schools if school.id in access.portfolio.school_ids],
        )
        form.offer_schools(schools)
        return form
