"""Settings > User Permissions: who belongs to a network, adding and editing them."""

from typing import Any

from flask import g, url_for

from portal.db import Refused
from portal.forms.network_users import NetworkAccessForm, NetworkPortfolioForm, NetworkUserForm
from portal.forms.schools import SearchForm
from portal.models import Network, NetworkMembership
from portal.models.users.network_access import change_access, objection_to_person, own_access
from portal.models.users.network_adding import add_network_user, objection_to
from portal.models.users.network_list import network_users
from portal.models.users.trusted_status import wording_for
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import network_users as bp
from portal.web import htmx
from portal.web.current_network import network_for, networks_for
from portal.web.guard import requires


@bp.post("/network/users/new/portfolio")
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def choose_portfolio() -> Any:
    """Add the person with a portfolio, once somebody has vouched for them."""
    network = network_for(Permission.MANAGE_NETWORK_USERS)
    form = NetworkPortfolioForm.at(network, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and (added := _added(form, network)):
        return _respond(added)
    return ask_for_the_rest(form, network)


def ask_for_the_rest(form: NetworkPortfolioForm, network: Network) -> Any:
    """The second page, with what was typed on the first."""
    wording = wording_for(form.person.name, network)
    page = htmx.render(
        "network_users/choose_portfolio.html", "portfolio", form=form, network=network, wording=wording
    )
    return page, form.status, form.headers


def _added(form: NetworkPortfolioForm, network: Network) -> NetworkMembership | None:
    wording = wording_for(form.person.name, network)
    return form.attempt(
        lambda: add_network_user(form.person, network, form.access, by=g.account, wording=wording)
    )


def _respond(added: NetworkMembership) -> Any:
    name, email = added.staff.name, added.staff.email
    if added.staff.password_hash:
        htmx.flash(_("%(name)s had an account already and can use it here now.", name=name))
    else:
        htmx.flash(_("%(name)s is added. An invitation goes to %(email)s.", name=name, email=email))
    return htmx.redirect(url_for("network_users.index", network=added.network.public_id))


@bp.get("/network/users")
@requires(Permission.MANAGE_NETWORK_USERS)
def index() -> Any:
    """List the people of a network."""
    networks, _network = networks_for(Permission.MANAGE_NETWORK_USERS)
    network, form = network_for(Permission.MANAGE_NETWORK_USERS), SearchForm.of_request()
    users = network_users(network, form.words, by=g.account)
    context = {"network": network, "networks": networks, "form": form, "users": users}
    return htmx.render("network_users/index.html", "results", **context)


@bp.route("/network/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def add() -> Any:
    """Take the details of somebody new, and lead on to the portfolio and trusted status."""
    network, form = network_for(Permission.MANAGE_NETWORK_USERS), NetworkUserForm.blank()
    if form.is_sent() and _may_come(form, network):
        return ask_for_the_rest(NetworkPortfolioForm.at(network, by=g.account), network)
    return htmx.render("network_users/add.html", "new_user", form=form, network=network), form.status


@bp.route("/network/users/<network_membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, on=NetworkMembership, writes_itself=True)
def edit(network_membership: NetworkMembership) -> Any:
    """Change what one person may do at a network."""
    row, form = network_membership, NetworkAccessForm.of(network_membership, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and _is_saved(row, form):
        htmx.flash(_("The access of %(name)s is saved.", name=row.staff.name))
        return htmx.redirect(url_for(".index", network=row.network.public_id))
    objection = objection_to_person(row, own_access(row.network, g.account), by=g.account)
    page = htmx.render("network_users/edit.html", "access", row=row, form=form, objection=objection)
    return page, form.status, form.headers


def _may_come(form: NetworkUserForm, network: Network) -> bool:
    objection = objection_to(form.person, network)
    if objection:
        form.refuse(Refused(objection), form.email)
    return objection is None


def _is_saved(row: NetworkMembership, form: NetworkAccessForm) -> bool:
    form.attempt(lambda: change_access(row, form.access, by=g.account, seen=form.seen.data))
    return not form.form_errors
