"""Settings > Network: what its views leave out, and what its users read inside a school."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.forms.network_settings import NetworkSettingsForm
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.current_network import network_for
from portal.web.guard import requires

bp = Blueprint("network_settings", __name__)


@bp.route("/network/settings", methods=["GET", "POST"])
@requires(Permission.EDIT_NETWORK)
def update() -> Any:
    network = network_for(Permission.EDIT_NETWORK)
    form = NetworkSettingsForm(suppresses_small=network.suppresses_small, reads_notes=network.reads_notes)
    if form.validate_on_submit():
        network.set(
            suppresses_small=form.suppresses_small.data, reads_notes=form.reads_notes.data, by=g.account
        )
        htmx.tell(_("Saved. It holds from the next page on."))
        return htmx.go_to(url_for(".update", network=network.public_id))
    return htmx.render("network_settings/update.html", form=form, network=network), form.status
