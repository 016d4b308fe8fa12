"""Ending a support: who will lose sight of whom, and doing it."""

from typing import Any

from flask import Blueprint, g

from portal.forms.support_endings import SupportEndingForm
from portal.models import Support
from portal.models.supports.caseload_reasons import seen_only_through
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.supports import back_to
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("support_endings", __name__)


@bp.route("/supports/<support_id>/end", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=Support)
def create(support: Support) -> Any:
    form = SupportEndingForm()
    if form.validate_on_submit():
        support.end(by=g.account)
        htmx.tell(_("The support was ended."))
        return back_to(support)
    words = {"support": support, "form": form, "lost": seen_only_through(support)}
    return htmx.render("support_endings/create.html", "ending", **words), form.status
