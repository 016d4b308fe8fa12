"""Saying that something is meant for many students; where codes are at stake, with the password."""

from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.forms.sure import SureForm
from portal.models import Batch
from portal.models.codes.outcome import Act
from portal.models.letters.list import Order
from portal.text.language import lazy_gettext as _

#: What destroys letters or takes codes out of the portal.
WEIGHTY = {Act.RESET, Act.EXPORT, Act.LETTERS}


class BatchForm(SureForm):
    """Nothing to fill in besides, perhaps, the password."""

    is_weighty = False

    @property
    def asks_password(self) -> bool:
        return self.is_weighty and super().asks_password


class PrintForm(BatchForm):
    """How the letters lie on the pile."""

    order = RadioField(
        _("Which letters lie together?"),
        [InputRequired(_("Choose how the letters are ordered."))],
        choices=[
            SelectChoice(Order.HOMEROOM.value, _("By homeroom, then by name: to be handed out in class")),
            SelectChoice(Order.HOUSEHOLD.value, _("Brothers and sisters together: to be posted")),
        ],
        default=Order.HOMEROOM.value,
    )


def form_for(batch: Batch) -> BatchForm:
    """The form that confirms the batch's act."""
    form = PrintForm() if batch.act == Act.LETTERS else BatchForm()
    form.is_weighty = batch.act in WEIGHTY
    return form
