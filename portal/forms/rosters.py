"""Forms of roster imports: upload a file, confirm that it is applied. Apart, as each subject has its own forms."""

from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.forms.base import Form
from portal.text.language import lazy_gettext as _


class UploadForm(Form):
    file = FileField(
        _("Roster file"),
        validators=[
            FileRequired(_("Choose a file first.")),
            FileAllowed(["zip", "csv"], _("Choose a .zip or .csv file.")),
        ],
    )


class ApplyForm(Form):
    """A form with nothing to fill in: its button applies the roster."""

    overrides_limit = None


class OverrideForm(Form):
    """The form that confirms a roster which removes many people."""

    overrides_limit = BooleanField(
        _("Yes, these people have left"),
        validators=[InputRequired(_("Tick the box if this is really meant."))],
    )
