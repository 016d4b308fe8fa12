"""Settings > User Permissions: who belongs to a network, and how far each of them reaches."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.db import Refused
from portal.forms.network_users import NetworkAccessForm, NetworkPortfolioForm, NetworkUserForm
from portal.forms.schools import SearchForm
from portal.models import Network, NetworkMembership
from portal.models.users.network_access import change_access, objection_to_person, own_access
from portal.models.users.network_adding import objection_to
from portal.models.users.network_list import network_users
from portal.policy.delegation import has_portfolio
from portal.policy.levels import NETWORK_LEVELS
from portal.policy.permissions import GRANTS, Permission
from portal.text.language import gettext as _
from portal.views.network_portfolios import ask_for_the_rest
from portal.web import htmx
from portal.web.current_network import network_for, networks_for
from portal.web.guard import requires

bp = Blueprint("network_users", __name__, url_prefix="/network/users")

#: By the level as it is stored: what it is called, whether it has a portfolio, and what it grants.
LEVELS = {level.value: (level.label, has_portfolio(level), GRANTS[level]) for level in NETWORK_LEVELS}


@bp.get("")
@requires(Permission.MANAGE_NETWORK_USERS)
def index() -> Any:
    networks, _network = networks_for(Permission.MANAGE_NETWORK_USERS)
    network, form = network_for(Permission.MANAGE_NETWORK_USERS), SearchForm.of_request()
    users = network_users(network, form.words, by=g.account)
    words = {"network": network, "networks": networks, "form": form, "users": users, "levels": LEVELS}
    return htmx.render("network_users/index.html", "results", **words)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def create() -> Any:
    network, form = network_for(Permission.MANAGE_NETWORK_USERS), NetworkUserForm.blank()
    if form.is_sent() and _may_come(form, network):
        return ask_for_the_rest(NetworkPortfolioForm.at(network, by=g.account), network)
    return htmx.render("network_users/create.html", "new_user", form=form, network=network), form.status


@bp.route("/<network_membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, on=NetworkMembership, writes_itself=True)
def update(network_membership: NetworkMembership) -> Any:
    row, form = network_membership, NetworkAccessForm.of(network_membership, by=g.account)
    if form.validate_on_submit() and form.is_sure() and _is_saved(row, form):
        htmx.tell(_("The access of %(name)s is saved.", name=row.staff.name))
        return htmx.go_to(url_for(".index", network=row.network.public_id))
    objection = objection_to_person(row, own_access(row.network, g.account), by=g.account)
    page = htmx.render("network_users/update.html", "access", row=row, form=form, objection=objection)
    return page, form.status, form.headers


def _may_come(form: NetworkUserForm, network: Network) -> bool:
    objection = objection_to(form.person, network)
    if objection:
        form.refuse(Refused(objection), form.email)
    return objection is None


def _is_saved(row: NetworkMembership, form: NetworkAccessForm) -> bool:
    form.attempt(lambda: change_access(row, form.access, by=g.account, seen=form.seen.data))
    return not form.form_errors
