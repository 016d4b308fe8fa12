"""Searching schools, the grouping of a dashboard, the settings for families."""

from typing import Self

from flask import request
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, StringField, widgets
from wtforms import Form as PlainForm

from portal.forms.base import Form
from portal.models.figures.dashboard import GROUPINGS
from portal.models.schools.school import FamilySection
from portal.models.supports.point_person import PointKind
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class SearchForm(PlainForm):
    q = StringField(_("Name or email"))

    @classmethod
    def of_request(cls) -> Self:
        return cls(request.args)

    @property
    def words(self) -> str:
        return (self.q.data or "")[:100]


class SchoolSearchForm(SearchForm):
    q = StringField(_("Find a school"))


POINT_PERSON = _("Point person")


class GroupingForm(PlainForm):
    by = SelectField(
        _("Group by"),
        choices=[
            SelectChoice("grade", _("Grade")),
            SelectChoice("homeroom", _("Homeroom")),
            *(SelectChoice(kind.value, kind.label, optgroup=POINT_PERSON) for kind in PointKind),
        ],
    )

    @classmethod
    def of_request(cls) -> "GroupingForm":
        asked = request.args.get("by", "")
        return cls(by=asked if asked in GROUPINGS else GROUPINGS[0])

    @property
    def label(self) -> str:
        """The label of the groups."""
        chosen = next(choice for choice in self.by.choices if choice.value == self.by.data)
        return gettext("%(kind)s point person", kind=chosen.label) if chosen.optgroup else str(chosen.label)


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
