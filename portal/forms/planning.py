"""What is planned for one student: an input for each planning field, and what it said when the page was made."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from portal.db import Refused
from portal.forms.form import Form
from portal.models import Student
from portal.models.students.planning import FIELDS, PlanningField, Stale, Wish
from portal.text.language import lazy_gettext as _

#: Up to so many choices stand beside each other as dials; more make a list to pick from.
MOST_DIALS = 2

NOT_KNOWN = SelectChoice("", _("Not known"))


class PlanningForm(Form):
    @classmethod
    def of(cls, student: Student) -> "PlanningForm":
        now = {name: field.text(student) for name, field in FIELDS.items()}
        return cls(**now, **{_seen(name): text for name, text in now.items()})

    @property
    def inputs(self) -> list[Any]:
        """The fields that are shown, in their order."""
        return [self[name] for name in FIELDS]

    @property
    def wishes(self) -> dict[str, Wish]:
        """What the person changed; the rest is left to whoever changes it meanwhile."""
        sent = {name: Wish(self[_seen(name)].data, (self[name].data or "").strip()) for name in FIELDS}
        return {name: wish for name, wish in sent.items() if wish.value != wish.seen}

    def refuse_stale(self, stale: Stale) -> None:
        """Show both values; saving once more is then on purpose."""
        self.refuse(stale, self[stale.field])
        self[_seen(stale.field)].data = stale.now


def _seen(name: str) -> str:
    return f"seen_{name}"


def _input(field: PlanningField) -> Any:
    def is_known(_form: Any, typed: Any) -> None:
        try:
            field.read(typed.data or "")
        except Refused as refusal:
            raise ValidationError(str(refusal)) from None

    if not field.choices:
        return StringField(field.label, [is_known])
    kind = RadioField if len(field.choices) <= MOST_DIALS else SelectField
    choices = [SelectChoice(value, label) for value, label in field.choices.items()]
    return kind(field.label, [is_known], choices=[*choices, NOT_KNOWN], validate_choice=False)


for _name, _field in FIELDS.items():
    setattr(PlanningForm, _name, _input(_field))
    setattr(PlanningForm, _seen(_name), HiddenField())
