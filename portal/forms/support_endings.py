"""Ending a support: which one is in the address, and there is nothing to fill in."""

from portal.forms.form import Form


class SupportEndingForm(Form):
    """Only asks whether it is really meant."""
