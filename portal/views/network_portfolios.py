"""Add User at a network, second step: the portfolio, and that somebody vouches for the person."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.forms.network_users import NetworkPortfolioForm
from portal.models import Network, NetworkMembership
from portal.models.users.network_adding import add_network_user
from portal.models.users.trusted_status import wording_for
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.current_network import network_for
from portal.web.guard import requires

bp = Blueprint("network_portfolios", __name__)


@bp.post("/network/users/new/portfolio")
@requires(Permission.MANAGE_NETWORK_USERS, writes_itself=True)
def create() -> Any:
    network = network_for(Permission.MANAGE_NETWORK_USERS)
    form = NetworkPortfolioForm.at(network, by=g.account)
    if form.validate_on_submit() and form.is_sure() and (added := _added(form, network)):
        return _told(added)
    return ask_for_the_rest(form, network)


def ask_for_the_rest(form: NetworkPortfolioForm, network: Network) -> Any:
    """The second page, with what was typed on the first."""
    wording = wording_for(form.person.name, network)
    page = htmx.render(
        "network_portfolios/create.html", "portfolio", form=form, network=network, wording=wording
    )
    return page, form.status, form.headers


def _added(form: NetworkPortfolioForm, network: Network) -> NetworkMembership | None:
    wording = wording_for(form.person.name, network)
    return form.attempt(
        lambda: add_network_user(form.person, network, form.access, by=g.account, wording=wording)
    )


def _told(added: NetworkMembership) -> Any:
    name, email = added.staff.name, added.staff.email
    if added.staff.password_hash:
        htmx.tell(_("%(name)s had an account already and can use it here now.", name=name))
    else:
        htmx.tell(_("%(name)s is added. An invitation goes to %(email)s.", name=name, email=email))
    return htmx.go_to(url_for("network_users.index", network=added.network.public_id))
