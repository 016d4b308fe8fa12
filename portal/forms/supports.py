"""Supports: what is agreed, who is in them, for one or for many."""

from typing import Any, Self

from flask import request
from wtforms import Form as PlainForm
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, ValidationError

from portal import clock, db
from portal.db import Refused
from portal.forms.base import Form
from portal.forms.fields import NO_DAY, DayField, HiddenNumber, RowField
from portal.models import School, Staff, Support, SupportCategory
from portal.models.supports.list import SupportFilter
from portal.models.supports.support import Stale, Terms
from portal.models.users.eligible import colleagues
from portal.policy.permissions import Permission
from portal.text.language import gettext
from portal.text.language import lazy_gettext as _


class SupportForm(Form):
    name = StringField(
        _("Name"),
        [DataRequired(_("Enter a name.")), Length(max=120, message=_("Use at most 120 characters."))],
    )
    category = RadioField(
        _("Category"),
        choices=[SelectChoice(each.value, each.label) for each in SupportCategory],
        validate_choice=False,
        validators=[AnyOf([each.value for each in SupportCategory], _("Choose a category."))],
    )
    lead = RowField(_("Lead"), prompt=_("Choose a lead"), validators=[InputRequired(_("Choose a lead."))])
    first_day = DayField(_("First day"), [InputRequired(NO_DAY)])
    last_day = DayField(_("Last day"), [Optional()])
    criteria = TextAreaField(_("Criteria"), [Length(max=2000, message=_("Use at most 2,000 characters."))])

    def validate_last_day(self, last_day: DayField) -> None:
        if self.first_day.data and last_day.data and last_day.data < self.first_day.data:
            raise ValidationError(str(_("The last day comes before the first one.")))

    @classmethod
    def new(cls, school: School) -> Self:
        """A form that begins today and has everybody of the school to pick a lead from."""
        return cls(first_day=clock.today(school.time_zone))._offering(school)

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

    def _offering(self, school: School) -> Self:
        self.lead.offer(
            db.session.scalars(colleagues(school.id, Permission.LEAD_SUPPORT)), named=name_and_title
        )
        return self


class SupportChangeForm(SupportForm):
    #: How many versions the support had when it was read.
    seen = HiddenNumber()

    @classmethod
    def of(cls, support: Support) -> Self:
        """The form about that support, as it stands."""
        form = cls(obj=support, lead=support.lead.public_id, seen=support.versions)
        return form._offering(support.school)

    def refuse_stale(self, stale: Stale, support: Support) -> None:
        """Say beside each field that differs what stands there; saving once more is then on purpose."""
        self.refuse(stale)
        self.seen.data = support.versions
        for name, mine, now in zip(Terms._fields, self.terms, support.terms, strict=True):
            if mine != now:
                self.refuse(Refused(gettext("Now it is: %(now)s", now=_words(now))), self[name])


class SupportSearchForm(PlainForm):
    """Sent by GET, so nothing is refused: nonsense finds nothing."""

    q = StringField(_("Name or lead"))
    category = SelectField(
        _("Category"),
        choices=[
            SelectChoice("", _("All")),
            *(SelectChoice(each.value, each.label) for each in SupportCategory),
        ],
    )
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
        known = self.category.data in set(SupportCategory)
        return SupportFilter(
            words=(self.q.data or "")[:100],
            category=SupportCategory(self.category.data) if known else None,
            ended=self.state.data == "ended",
        )

    @property
    def is_narrowed(self) -> bool:
        return self.filter != SupportFilter(ended=self.filter.ended)


def _words(term: Any) -> str:
    match term:
        case SupportCategory():
            return term.label
        case Staff():
            return name_and_title(term)
        case _:
            return str(term or gettext("empty"))


def name_and_title(staff: Staff) -> str:
    """As people are told apart in a list to pick from."""
    return f"{staff.name} · {staff.title}" if staff.title else staff.name


class SupportEndingForm(Form):
    """Only asks whether it is really meant."""
