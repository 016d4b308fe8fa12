"""Which support those who were chosen on a list are put into, and for which days."""

from collections.abc import Sequence

from wtforms.validators import InputRequired

from portal.forms.fields import RowField
from portal.forms.selections import SelectionForm
from portal.forms.support_students import DaysForm
from portal.models import Support
from portal.text.language import lazy_gettext as _


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
