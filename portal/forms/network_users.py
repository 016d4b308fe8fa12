"""Choose and edit what somebody may do at a network: the level and the portfolio."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectMultipleField, widgets
from wtforms.validators import InputRequired, ValidationError

from portal.forms.base import Form, ReauthenticationForm
from portal.models import Account, NetworkMembership, School
from portal.models.users.level_rules import schools_to_give
from portal.policy.chart import summary_of
from portal.policy.delegation import Access, Portfolio
from portal.policy.evaluator import has_portfolio
from portal.policy.levels import NETWORK_LEVELS
from portal.policy.permissions import APPOINTED, StaffLevel
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _

ALL_SCHOOLS, LISTED = "all", "listed"


class AccessForm(Form):
    """Level and Can Manage Users. Levels that may not be given are offered, and refused with the reason."""

    level = RadioField(_("Access Level"), [InputRequired(_("Choose an access level."))], validate_choice=True)
    can_manage_users = BooleanField(_("Can Manage Users"))
    summaries: ClassVar = {level.value: summary_of(level) for level in NETWORK_LEVELS}

    #: Those that a form may give, by the value that is sent.
    levels: Mapping[str, StaffLevel] = {each.value: each for each in NETWORK_LEVELS if each not in APPOINTED}

    def offer(self) -> None:
        """Show the levels as choices."""
        self.level.choices = [SelectChoice(value, level.label) for value, level in self.levels.items()]


class PortfolioForm(AccessForm):
    """The same with a portfolio, for the level that has one."""

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
        """Show the levels and these schools as choices."""
        self.offer()
        self.rows = schools
        self.schools.choices = [SelectChoice(school.public_id, school.name) for school in schools]

    def validate_schools(self, field: Any) -> None:
        """Refuse the whole list when one school was not offered."""
        if not set(field.data or ()) <= {school.public_id for school in self.rows}:
            raise ValidationError(gettext("Choose from the schools on the list."))

    @property
    def access(self) -> Access:
        """The access that is given, once the form is valid."""
        level = self.levels[self.level.data]
        ticked = frozenset(school.id for school in self.rows if school.public_id in (self.schools.data or ()))
        portfolio = Portfolio(is_all=True) if self.reach.data == ALL_SCHOOLS else Portfolio(False, ticked)
        return Access(level, self.can_manage_users.data, portfolio if has_portfolio(level) else Portfolio())


class NetworkAccessForm(PortfolioForm, ReauthenticationForm):
    """Edit Details of somebody who belongs to the network."""

    #: The level that stood on the page when it was made.
    seen = HiddenField()

    @classmethod
    def of(cls, row: NetworkMembership, *, by: Account) -> Self:
        """Return the form as `row` is now, with the schools that `by` may put into a portfolio."""
        schools = schools_to_give(row.network, row.access_of(by, row.network_id))
        listed = row.access.portfolio.school_ids
        form = cls(
            level=row.level,
            seen=row.level,
            can_manage_users=row.can_manage_users,
            reach=ALL_SCHOOLS if row.portfolio_is_all else LISTED,
            schools=[school.public_id for school in schools if school.id in listed],
        )
        form.offer_schools(schools)
        return form
