"""What families see of a child, and who may end it."""

from wtforms import BooleanField, SelectChoice, SelectMultipleField, widgets

from portal.forms.form import Form
from portal.models.schools.school import FamilySection
from portal.text.language import lazy_gettext as _

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
    shows_former_students = BooleanField(_("Guardians keep sight of students who left the school"))
    restricts_revoking = BooleanField(_("Only admins revoke or restrict guardians"))

    @property
    def rules(self) -> dict[str, bool]:
        """The settings of the school that are not sections."""
        return {name: self[name].data for name in ("shows_former_students", "restricts_revoking")}
