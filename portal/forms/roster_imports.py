"""Uploading a roster, and saying that it is meant."""

from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.forms.form import Form
from portal.text.language import lazy_gettext as _l


class UploadForm(Form):
    file = FileField(
        _l("Roster file"),
        validators=[
            FileRequired(_l("Choose a file first.")),
            FileAllowed(["zip", "csv"], _l("Choose a .zip or .csv file.")),
        ],
    )


class ApplyForm(Form):
    """Nothing to fill in: pressing the button is what is asked for."""

    overrides_limit = None


class OverrideForm(Form):
    """For a roster that takes many people away."""

    overrides_limit = BooleanField(
        _l("Yes, these people have left"),
        validators=[InputRequired(_l("Tick the box if this is really meant."))],
    )
