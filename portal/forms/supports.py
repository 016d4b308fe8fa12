"""Supports: what is agreed, searching them, and putting students into one."""

from collections.abc import Sequence
from typing import Self

from flask import request
from wtforms import Field, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError

from portal import clock, db
from portal.db import Refused
from portal.forms.base import Form
from portal.forms.fields import NO_DAY, DayField, HiddenNumber, ReachableRowsField, RowField
from portal.forms.selection import SelectionForm
from portal.models import School, Staff, Student, Support, SupportCategory
from portal.models.supports.adding import Days
from portal.models.supports.list import SupportFilter
from portal.models.supports.support import SupportChanged, Terms
from portal.models.users.eligible import colleagues
from portal.policy.permissions import Permission
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _
from portal.web.templating import grade

CATEGORIES = [SelectChoice(each.value, each.label) for each in SupportCategory]


class DateRangeForm(Form):
    """From a day until a day."""

    first_day: DayField
    last_day: DayField

    def validate_last_day(self, last_day: DayField) -> None:
        if self.first_day.data and last_day.data and last_day.data < self.first_day.data:
            raise ValidationError(str(_("The last day comes before the first one.")))


class SupportForm(DateRangeForm):
    name = StringField(
        _("Name"),
        [DataRequired(_("Enter a name.")), Length(max=120, message=_("Use at most 120 characters."))],
    )
    category = RadioField(
        _("Category"),
        choices=CATEGORIES,
        validate_choice=False,
        validators=[AnyOf([each.value for each in SupportCategory], _("Choose a category."))],
    )
    lead = RowField(_("Lead"), prompt=_("Choose a lead"), validators=[InputRequired(_("Choose a lead."))])
    first_day = DayField(_("First day"), [InputRequired(NO_DAY)])
    last_day = DayField(_("Last day"), [Optional()])
    criteria = TextAreaField(_("Criteria"), [Length(max=2000, message=_("Use at most 2,000 characters."))])

    @classmethod
    def new(cls, school: School) -> Self:
        """Return a form that begins today and offers everybody of the school as lead."""
        return cls(first_day=clock.today(school.time_zone))._offer_leads(school)

    @property
    def terms(self) -> Terms:
        return Terms(
            name=str(self.name.data).strip(),
            category=SupportCategory(self.category.data),
            lead=self.lead.row,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            criteria=(self.criteria.data or "").strip(),
        )

    def _offer_leads(self, school: School) -> Self:
        leaders = db.session.scalars(colleagues(school.id, Permission.LEAD_SUPPORT))
        self.lead.offer(leaders, named=name_and_title)
        return self


class SupportChangeForm(SupportForm):
    #: How many versions the support had when it was read.
    seen = HiddenNumber()
    support: Support

    @classmethod
    def of(cls, support: Support) -> Self:
        """Return the form about that support, filled with its present terms."""
        form = cls(obj=support, lead=support.lead.public_id, seen=support.versions)
        form.support = support
        return form._offer_leads(support.school)

    def refuse(self, refusal: Refused, field: Field | None = None) -> None:
        """Show the refusal. If somebody else changed the support meanwhile, say so beside each field that differs.

        Saving again then overwrites their changes.
        """
        super().refuse(refusal, field)
        if isinstance(refusal, SupportChanged):
            self.seen.data = self.support.versions
            for name, mine, now in zip(Terms._fields, self.terms, self.support.terms, strict=True):
                if mine != now:
                    super().refuse(Refused(gettext("Now it is: %(now)s", now=_words(now))), self[name])


class SupportSearchForm(PlainForm):
    """Sent by GET, so nothing is refused: nonsense finds nothing."""

    q = StringField(_("Name or lead"))
    category = SelectField(_("Category"), choices=[SelectChoice("", _("All")), *CATEGORIES])
    state = SelectField(
        _("State"),
        choices=[SelectChoice("", _("Running and planned")), SelectChoice("ended", _("Ended"))],
    )
    school = SelectField(_("School"))

    @classmethod
    def of(cls, schools: list[School]) -> "SupportSearchForm":
        form = cls(request.args)
        form.school.choices = [SelectChoice(school.public_id, school.name) for school in schools]
        return form

    @property
    def filter(self) -> SupportFilter:
        return SupportFilter.from_query(request.args)

    @property
    def is_narrowed(self) -> bool:
        return self.filter != SupportFilter(ended=self.filter.ended)


def _words(term: object) -> str:
    match term:
        case SupportCategory():
            return term.label
        case Staff():
            return name_and_title(term)
        case _:
            return str(term or gettext("empty"))


def name_and_title(staff: Staff) -> str:
    """Return the name and title by which a list of choices shows a member of staff."""
    return f"{staff.name} · {staff.title}" if staff.title else staff.name


class DaysForm(DateRangeForm):
    first_day = DayField(_("First day"), [Optional()])
    last_day = DayField(_("Last day"), [Optional()])

    @property
    def days(self) -> Days:
        return Days(first=self.first_day.data, last=self.last_day.data)


def _label_of(student: Student) -> str:
    homeroom = student.homeroom.title if student.homeroom else ""
    return " · ".join(filter(None, [student.name, grade(student.grade), homeroom]))


class SupportStudentsForm(DaysForm):
    students = ReachableRowsField(
        _("Students"),
        of=Student,
        permission=Permission.EDIT_STUDENT,
        validators=[InputRequired(_("Tick at least one student."))],
    )
    q = HiddenField()

    @classmethod
    def among(cls, found: Sequence[Student]) -> "SupportStudentsForm":
        """Return the form with the students that a search has found, to be ticked."""
        form = cls(q=searched_words())
        form.students.offer(found, named=_label_of)
        return form


def searched_words() -> str:
    """Return the words that were typed to find students: from the address, or from the form once it is sent."""
    return request.values.get("q", "")[:100]


class SupportBatchForm(SelectionForm, DaysForm):
    """`into`, since the Data Grid sends along a filter that is called `support`."""

    into = RowField(
        _("Support"), prompt=_("Choose a support"), validators=[InputRequired(_("Choose a support."))]
    )

    @classmethod
    def among(cls, supports: Sequence[Support]) -> "SupportBatchForm":
        form = cls()
        form.into.offer(supports, named=lambda support: f"{support.name} · {support.lead.name}")
        return form
