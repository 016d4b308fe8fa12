"""How a network went over the last weeks: fetched after its page, so that the page is quick."""

from typing import Any

from flask import Blueprint, g

from portal.models.figures.network_trend import trend_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_network import network_for
from portal.web.guard import requires

bp = Blueprint("network_trends", __name__)


@bp.get("/network/trend")
@requires(Permission.VIEW_NETWORK)
def show() -> Any:
    network = network_for(Permission.VIEW_NETWORK)
    weeks = trend_of(network, by=g.account)
    return htmx.render("network_trends/show.html", "trend", network=network, weeks=weeks)
