"""Batch Actions: who was ticked, and which level they are to get."""

from collections.abc import Sequence

from flask import g, request
from wtforms import Form, HiddenField, SelectChoice, SelectField

from portal.db import Refused
from portal.forms.sure import SureForm
from portal.models import Account, Membership, School
from portal.models.users.filter import WantedUsers, chosen_users
from portal.models.users.level_batch import LevelBatch, plan_levels
from portal.policy.delegation import grantable
from portal.policy.permissions import SCHOOL_LEVELS
from portal.text.language import gettext as _
from portal.text.language import lazy_gettext as _l


class BatchForm(Form):
    """What the list asks for those who are ticked."""

    level = SelectField(_l("Access Level"))

    @classmethod
    def at(cls, school: School, *, by: Account) -> "BatchForm":
        """With the levels that `by` may give at `school`."""
        form = cls()
        levels = [
            SelectChoice(each.value, each.label) for each in grantable(Membership.level_at(school.id, by))
        ]
        form.level.choices = [SelectChoice("", _("Choose")), *levels]
        return form


class LevelChangeForm(SureForm):
    level = HiddenField()

    @classmethod
    def of_request(cls) -> "LevelChangeForm":
        """On the way to the confirmation the list sends its level in the address."""
        return cls(level=request.args.get("level", ""))

    def plan(self, school: School | None) -> LevelBatch | None:
        """What would happen; none, and the reason above the form, when nothing can. Raises OutOfReach."""
        rows = sent_users(school)
        to = next((level for level in SCHOOL_LEVELS if level.value == self.level.data), None)
        try:
            if to is None:
                raise Refused(_("Choose an access level first."))
            return plan_levels(rows, to, by=g.account)
        except Refused as refusal:
            self.refuse(refusal)
            return None


def sent_users(school: School | None) -> Sequence[Membership]:
    """Those who were ticked, or with `all` everybody on the list. Raises OutOfReach."""
    everyone = school if request.values.get("all") else None
    return chosen_users(
        WantedUsers.read(request.values),
        ids=request.values.getlist("ids"),
        everyone_of=everyone,
        by=g.account,
    )
