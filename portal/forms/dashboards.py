"""By what the figures of a school are put together. Sent by GET: nonsense means by grade."""

from flask import request
from wtforms import Form, SelectChoice, SelectField

from portal.models.figures.dashboard import GROUPINGS
from portal.models.supports.point_person import PointKind
from portal.text.language import gettext as _
from portal.text.language import lazy_gettext as _l

POINT_PERSON = _l("Point person")


class GroupingForm(Form):
    by = SelectField(
        _l("Group by"),
        choices=[
            SelectChoice("grade", _l("Grade")),
            SelectChoice("homeroom", _l("Homeroom")),
            *(SelectChoice(kind.value, kind.label, optgroup=POINT_PERSON) for kind in PointKind),
        ],
    )

    @classmethod
    def of_request(cls) -> "GroupingForm":
        asked = request.args.get("by", "")
        return cls(by=asked if asked in GROUPINGS else GROUPINGS[0])

    @property
    def label(self) -> str:
        """What the groups are called."""
        chosen = next(choice for choice in self.by.choices if choice.value == self.by.data)
        return _("%(kind)s point person", kind=chosen.label) if chosen.optgroup else str(chosen.label)
