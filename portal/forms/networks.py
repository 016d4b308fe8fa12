"""Choose what is shown of a network, and edit its two settings."""

from collections.abc import Sequence

from flask import request
from wtforms import BooleanField, SelectChoice
from wtforms import Form as PlainForm

from portal.forms.base import Form
from portal.forms.fields import PickField
from portal.models import Network
from portal.models.figures.network_view import ORDERS, Looked
from portal.models.figures.school_totals import GradeBand
from portal.text.language import lazy_gettext as _

BANDS = {
    GradeBand.ALL: _("All grades"),
    GradeBand.ELEMENTARY: _("Pre-K to grade 5"),
    GradeBand.MIDDLE: _("Grades 6 to 8"),
    GradeBand.HIGH: _("Grades 9 to 12"),
    GradeBand.UNGRADED: _("No grade known"),
}
ORDER_NAMES = (
    _("School"), _("Students"), _("Attendance"), _("Enabled"), _("1+ guardian"), _("2+ guardians"),
    _("Supports running"), _("Without point person"),
)  # fmt: skip


class NetworkForm(PlainForm):
    network = PickField(_("Network"))
    band = PickField(_("Grades"), choices=[SelectChoice(band.value, label) for band, label in BANDS.items()])
    order = PickField(
        _("Order by"),
        choices=[SelectChoice(*each) for each in zip(ORDERS, ORDER_NAMES, strict=True)],
        default=ORDERS[0],
    )

    @classmethod
    def of(cls, networks: Sequence[Network]) -> "NetworkForm":
        form = cls(request.args)
        form.network.choices = [SelectChoice(network.public_id, network.name) for network in networks]
        return form

    @property
    def looked(self) -> Looked:
        page = request.args.get("page", "")
        return Looked(
            band=GradeBand(self.band.data) if self.band.data in set(GradeBand) else GradeBand.ALL,
            order=self.order.data if self.order.data in ORDERS else ORDERS[0],
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 0,
        )

    def query(self, network: Network, **changed: object) -> dict[str, object]:
        """Return the query of this page's address, with what is `changed`."""
        looked = self.looked
        return {"network": network.public_id, "band": looked.band.value, "order": looked.order, **changed}


class NetworkSettingsForm(Form):
    suppresses_small = BooleanField(_("Leave out small numbers"))
    reads_notes = BooleanField(_("Network users read notes inside a school"))
