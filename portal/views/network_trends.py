"""How a network went over the last weeks: fetched after its page, so that the page is quick."""

from typing import Any

from flask import Blueprint, g

from portal import htmx
from portal.guard import requires
from portal.models.network_trend import trend_of
from portal.network_place import network_for
from portal.permissions import Permission

bp = Blueprint("network_trends", __name__)


@bp.get("/network/trend")
@requires(Permission.VIEW_NETWORK)
def show() -> Any:
    network = network_for(Permission.VIEW_NETWORK)
    weeks = trend_of(network, by=g.account)
    return htmx.render("network_trends/show.html", "trend", network=network, weeks=weeks)
