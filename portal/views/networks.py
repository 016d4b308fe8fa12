"""View Network: school by school, in numbers; no student is named."""

from typing import Any

from flask import Blueprint, g

from portal import htmx
from portal.forms.networks import NetworkForm
from portal.guard import requires
from portal.models.network_view import staff_of, view_of
from portal.network_place import networks_for
from portal.permissions import Permission

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
