"""View Network: school by school in numbers, as a spreadsheet, over time; and the network's settings."""

from flask import g, url_for

from portal.documents.spreadsheets import sheet_of_network
from portal.forms.networks import NetworkForm, NetworkSettingsForm
from portal.models.figures.network_trend import trend_of
from portal.models.figures.network_view import staff_of, view_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import networks as bp
from portal.web import downloads, htmx
from portal.web.current_school import network_for, networks_for
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/network")
@requires(Permission.VIEW_NETWORK)
def show() -> Answer:
    """Show a network's schools in numbers, and their totals."""
    networks, network = networks_for(Permission.VIEW_NETWORK)
    form = NetworkForm.of(networks)
    parts = ("rows", "more") if form.looked.page else ("results",)
    context = {
        "network": network,
        "form": form,
        "seen": view_of(network, form.looked, by=g.account) if network else None,
        "staff_of": staff_of,
        "enters": network and g.account.may_at_network(Permission.ENTER_SCHOOL, network.id),
    }
    return htmx.render("networks/show.html", *parts, **context)


@bp.get("/network.csv")
@requires(Permission.VIEW_NETWORK)
def download() -> Answer:
    """Send a network's table as a spreadsheet."""
    networks, _network = networks_for(Permission.VIEW_NETWORK)
    network = network_for(Permission.VIEW_NETWORK)
    looked = NetworkForm.of(networks).looked._replace(page=None)
    return downloads.send(sheet_of_network(view_of(network, looked, by=g.account).schools), "network.csv")


@bp.get("/network/trend")
@requires(Permission.VIEW_NETWORK)
def trend() -> Answer:
    """Show how a network's totals went over the last weeks."""
    network = network_for(Permission.VIEW_NETWORK)
    weeks = trend_of(network, by=g.account)
    return htmx.render("networks/trend.html", "trend", network=network, weeks=weeks)


@bp.route("/network/settings", methods=["GET", "POST"])
@requires(Permission.EDIT_NETWORK)
def settings() -> Answer:
    """Set what a network leaves out, and what its users read inside a school."""
    network = network_for(Permission.EDIT_NETWORK)
    form = NetworkSettingsForm(suppresses_small=network.suppresses_small, reads_notes=network.reads_notes)
    if form.validate_on_submit():
        network.set(
            suppresses_small=form.suppresses_small.data, reads_notes=form.reads_notes.data, by=g.account
        )
        htmx.flash(_("Saved. It holds from the next page on."))
        return htmx.redirect(url_for(".settings", network=network.public_id))
    return htmx.render("networks/settings.html", form=form, network=network), form.status
