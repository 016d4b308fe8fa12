"""Guardians of a student: revoking, restricting, and how many there may be."""

from typing import Any

from flask import abort, g, request

from portal.db import Refused
from portal.forms.guardians import GuardianLimitForm, RestrictionEndForm, RestrictionForm, RevocationForm
from portal.models import AccessCode, EventKind, Pairing, Restriction, Student
from portal.models.guardians import restricting, revocation
from portal.models.guardians.list import notices_about
from portal.models.guardians.revocation import revocable_with
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import guardians as bp
from portal.views.codes.tab import back_to
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires


@bp.route("/pairings/<pairing_id>/revocation", methods=["GET", "POST"])
@requires(Permission.REVOKE_GUARDIAN, on=Pairing)
def revoke(pairing: Pairing) -> Any:
    """Say what revoking does, and end the chosen pairings of a guardian (rule A13)."""
    disclose(EventKind.PORTAL_ACCESS_VIEWED, pairing.student)
    form = RevocationForm.of(pairing, revocable_with(pairing, by=g.account))
    if form.validate_on_submit():
        return _revoked(pairing, form)
    context = {"pairing": pairing, "form": form, "notices": notices_about(pairing)}
    return htmx.render("guardians/revoke.html", "revocation", **context), form.status


def _revoked(pairing: Pairing, form: RevocationForm) -> Any:
    pairings = form.pairings.rows
    if {each.guardian_id for each in pairings} != {pairing.guardian_id}:
        abort(404)
    codes = revocation.revoke(pairings, by=g.account, reason=form.why, note=form.note.data or None)
    names = ", ".join(each.student.name for each in pairings)
    htmx.flash(_("%(guardian)s no longer sees %(students)s.", guardian=pairing.guardian.name, students=names))
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


@bp.route("/students/<student_id>/restrictions/new", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Student)
def restrict(student: Student) -> Any:
    """Keep a person from seeing a student, for some days or until it is ended."""
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    form = RestrictionForm.of(student, chosen=request.args.get("pairing", ""))
    restriction = _placed(student, form) if form.validate_on_submit() else None
    if restriction:
        htmx.flash(_("Access is restricted for %(email)s.", email=restriction.email))
        return back_to(student, "guardians", "code", "history")
    return htmx.render("guardians/restrict.html", student=student, form=form), form.status


@bp.route("/restrictions/<restriction_id>/end", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Restriction)
def end_restriction(restriction: Restriction) -> Any:
    """End a restriction."""
    form, student = RestrictionEndForm(), restriction.student
    if form.validate_on_submit():
        restricting.lift(restriction, by=g.account, reason=form.reason.data)
        htmx.flash(_("The restriction has ended."))
        return back_to(student, "guardians", "history")
    context = {"student": student, "restriction": restriction, "form": form}
    return htmx.render("guardians/end_restriction.html", "ending", **context), form.status


def _placed(student: Student, form: RestrictionForm) -> Restriction | None:
    replaces_code = form.replaces_code.data
    try:
        return restricting.restrict(student, form.whom, form.order, replaces_code=replaces_code, by=g.account)
    except Refused as refusal:
        form.refuse(refusal)
        return None


@bp.route("/students/<student_id>/guardian-limit", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def set_limit(student: Student) -> Any:
    """Set how many guardians a student may have at once."""
    form = GuardianLimitForm(limit=student.guardian_limit)
    if form.validate_on_submit():
        student.allow_guardians(form.limit.data, by=g.account)
        return _respond(student)
    return htmx.render("guardians/set_limit.html", "limit", student=student, form=form), form.status


def _respond(student: Student) -> Any:
    htmx.flash(_("Up to %(limit)s guardians can be connected now.", limit=student.guardian_limit))
    return back_to(student, "guardians", "history")
