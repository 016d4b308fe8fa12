"""Where people begin who look at schools as a whole and see no students."""

from typing import Any

from flask import Blueprint

from portal import htmx
from portal.guard import requires
from portal.permissions import Permission

bp = Blueprint("networks", __name__)


@bp.get("/network")
@requires(Permission.VIEW_NETWORK)
def show() -> Any:
    return htmx.render("networks/show.html")
