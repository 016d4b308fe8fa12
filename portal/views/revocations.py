"""Manage Access: taking a guardian's access to students back."""

from typing import Any

from flask import Blueprint, abort, g

from portal.forms.revocations import RevocationForm
from portal.models import AccessCode, EventKind, Pairing
from portal.models.guardians.list import notices_about
from portal.models.guardians.revocation import revocable_with, revoke
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.portal_access import back_to
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires

bp = Blueprint("revocations", __name__)


@bp.route("/pairings/<pairing_id>/revocation", methods=["GET", "POST"])
@requires(Permission.REVOKE_GUARDIAN, on=Pairing)
def create(pairing: Pairing) -> Any:
    disclose(EventKind.PORTAL_ACCESS_VIEWED, pairing.student)
    form = RevocationForm.of(pairing, revocable_with(pairing, by=g.account))
    if form.validate_on_submit():
        return _revoked(pairing, form)
    words = {"pairing": pairing, "form": form, "notices": notices_about(pairing)}
    return htmx.render("revocations/create.html", "revocation", **words), form.status


def _revoked(pairing: Pairing, form: RevocationForm) -> Any:
    pairings = form.pairings.rows
    if {each.guardian_id for each in pairings} != {pairing.guardian_id}:
        abort(404)
    codes = revoke(pairings, by=g.account, reason=form.why, note=form.note.data or None)
    names = ", ".join(each.student.name for each in pairings)
    htmx.tell(_("%(guardian)s no longer sees %(students)s.", guardian=pairing.guardian.name, students=names))
    return back_to(pairing.student, "guardians", "code", "history", news=_left_to_do(pairing, codes))


def _left_to_do(pairing: Pairing, codes: list[AccessCode]) -> str:
    """Whoever has yet to pair needs the new code; said on the tab of this student."""
    if any(code.student_id == pairing.student_id for code in codes):
        return _("A new access code was made. Give it to anyone who has yet to pair.")
    if codes:
        return _(
            "New access codes were made for the students you chose. Give them to anyone who has yet to pair."
        )
    return _("No new access code was made, because none was in use.")
