"""Settings > User Permissions: who belongs to a network, adding and editing them."""

from flask import g, url_for

from portal.forms.network_users import NetworkAccessForm
from portal.forms.new_users import NewNetworkUserForm, TrustedNetworkUserForm
from portal.forms.schools import SearchForm
from portal.models import Network, NetworkMembership
from portal.models.users.level_change import change_level
from portal.models.users.level_rules import objection_to_person
from portal.models.users.network_list import network_users
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import network_users as bp
from portal.views.users.adding import add_person, check_newcomer, respond_added
from portal.web import htmx
from portal.web.current_school import network_for, networks_for
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/network/users")
@requires(Permission.MANAGE_NETWORK_USERS)
def index() -> Answer:
    """List the people of a network."""
    networks, _network = networks_for(Permission.MANAGE_NETWORK_USERS)
    network = network_for(Permission.MANAGE_NETWORK_USERS)
    form = SearchForm.of_request()
    users = network_users(network, form.words, by=g.account)
    context = {"network": network, "networks": networks, "form": form, "users": users}
    return htmx.render("network_users/index.html", "results", **context)


@bp.route("/network/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def add() -> Answer:
    """Take the details of somebody new, and lead on to the portfolio and trusted status."""
    network = network_for(Permission.MANAGE_NETWORK_USERS)
    form = NewNetworkUserForm.blank()
    if form.is_sent() and check_newcomer(form, network):
        return _ask_for_the_rest(TrustedNetworkUserForm.at(network, by=g.account), network)
    return htmx.render("network_users/add.html", "new_user", form=form, network=network), form.status


@bp.post("/network/users/new/portfolio")
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def choose_portfolio() -> Answer:
    """Add the person with a portfolio, once somebody has vouched for them."""
    network = network_for(Permission.MANAGE_NETWORK_USERS)
    form = TrustedNetworkUserForm.at(network, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and (added := add_person(form, network)):
        return respond_added(added, url_for("network_users.index", network=network.public_id))
    return _ask_for_the_rest(form, network)


@bp.route("/network/users/<network_membership_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_NETWORK_USERS, on=NetworkMembership, writes_itself=True)
def edit(network_membership: NetworkMembership) -> Answer:
    """Change what one person may do at a network."""
    row = network_membership
    form = NetworkAccessForm.of(network_membership, by=g.account)
    if form.validate_on_submit() and form.confirm_password() and _save(row, form):
        htmx.flash(_("The access of %(name)s is saved.", name=row.staff.name))
        return htmx.redirect(url_for(".index", network=row.network.public_id))
    objection = objection_to_person(row, by=g.account, own=row.access_of(g.account, row.network_id))
    page = htmx.render("network_users/edit.html", "access", row=row, form=form, objection=objection)
    return page, form.status, form.headers


def _ask_for_the_rest(form: TrustedNetworkUserForm, network: Network) -> Answer:
    """Return the second page, with what was typed on the first."""
    page = htmx.render("network_users/choose_portfolio.html", "portfolio", form=form, network=network)
    return page, form.status, form.headers


def _save(row: NetworkMembership, form: NetworkAccessForm) -> bool:
    """Change the access; false when the rules say no, and the form says why."""
    form.attempt(lambda: change_level(row, form.access, by=g.account, seen=form.seen.data))
    return not form.form_errors
