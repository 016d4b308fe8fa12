"""The two settings of a network."""

from wtforms import BooleanField

from portal.forms.form import Form
from portal.text.language import lazy_gettext as _


class NetworkSettingsForm(Form):
    suppresses_small = BooleanField(_("Leave out small numbers"))
    reads_notes = BooleanField(_("Network users read notes inside a school"))
