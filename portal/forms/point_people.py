"""Choosing a point person."""

from portal import db
from portal.forms.fields import RowField
from portal.forms.form import Form
from portal.forms.supports import name_and_title
from portal.models.supports.assigning import assignable
from portal.text.language import lazy_gettext as _


class PointPersonForm(Form):
    staff = RowField(_("Point person"), prompt=_("Nobody"))

    @classmethod
    def at(cls, school_id: int, *, now: str | None = None) -> "PointPersonForm":
        """The form with those who may be point person at that school; `now` is the public id of who it is so far."""
        form = cls(staff=now)
        form.staff.offer(db.session.scalars(assignable(school_id)), named=name_and_title)
        return form
