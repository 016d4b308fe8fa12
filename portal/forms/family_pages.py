"""What families see of a child."""

from wtforms import SelectChoice, SelectMultipleField, widgets

from portal.forms.form import Form
from portal.language import lazy_gettext as _
from portal.models.school import FamilySection

SECTIONS = {
    FamilySection.PROFILE: _("Profile"),
    FamilySection.HOMEROOM: _("Homeroom"),
    FamilySection.CLASSES: _("Classes and teachers"),
    FamilySection.ATTENDANCE: _("Attendance"),
    FamilySection.SCHOOL: _("School"),
}


class FamilyPageForm(Form):
    sections = SelectMultipleField(
        _("Guardians see these sections"),
        choices=[SelectChoice(section.value, label) for section, label in SECTIONS.items()],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        validate_choice=False,
    )
