"""View Network: school by school, in numbers; no student is named."""

from typing import Any

from flask import Blueprint, g

from portal.forms.networks import NetworkForm
from portal.models.figures.network_view import staff_of, view_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_network import networks_for
from portal.web.guard import requires

bp = Blueprint("networks", __name__)


@bp.get("/network")
@requires(Permission.VIEW_NETWORK)
def show() -> Any:
    networks, network = networks_for(Permission.VIEW_NETWORK)
    form = NetworkForm.of(networks)
    parts = ("rows", "more") if form.looked.page else ("results",)
    words = {
        "network": network,
        "form": form,
        "seen": view_of(network, form.looked, by=g.account) if network else None,
        "staff_of": staff_of,
        "enters": network and g.account.may_at_network(Permission.ENTER_SCHOOL, network.id),
    }
    return htmx.render("networks/show.html", *parts, **words)
