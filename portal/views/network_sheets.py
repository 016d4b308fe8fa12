"""The network's table as a spreadsheet: the numbers that the page shows, of every school."""

from typing import Any

from flask import Blueprint, g, make_response

from portal.documents.network_sheet import sheet
from portal.forms.networks import NetworkForm
from portal.models.figures.network_view import view_of
from portal.policy.permissions import Permission
from portal.web.current_network import network_for, networks_for
from portal.web.guard import requires

bp = Blueprint("network_sheets", __name__)


@bp.get("/network.csv")
@requires(Permission.VIEW_NETWORK)
def show() -> Any:
    networks, _network = networks_for(Permission.VIEW_NETWORK)
    network = network_for(Permission.VIEW_NETWORK)
    looked = NetworkForm.of(networks).looked._replace(page=None)
    answer = make_response(sheet(view_of(network, looked, by=g.account).schools))
    answer.content_type = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="network.csv"'
    return answer
