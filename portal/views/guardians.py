"""Guardians of a student: revoking, restricting, and how many there may be."""

from flask import g, request

from portal.forms.guardians import GuardianLimitForm, RestrictionEndForm, RestrictionForm, RevocationForm
from portal.models import AccessCode, EventKind, Pairing, Restriction, Student
from portal.models.guardians import restricting, revocation
from portal.models.guardians.list import notices_about
from portal.models.guardians.revocation import revocable_with
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import guardians as bp
from portal.views.codes.code import student_tab
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.route("/pairings/<pairing_id>/revocation", methods=["GET", "POST"])
@requires(Permission.REVOKE_GUARDIAN, on=Pairing)
def revoke(pairing: Pairing) -> Answer:
    """Say what revoking does, and end the chosen pairings of a guardian (rule A13)."""
    form = _revocation_form(pairing)
    if form.validate_on_submit():
        pairings = form.pairings.rows
        note = form.note.data or None
        codes = revocation.revoke(pairings, by=g.account, reason=form.why, note=note)
        names = ", ".join(each.student.name for each in pairings)
        htmx.flash(
            _("%(guardian)s no longer sees %(students)s.", guardian=pairing.guardian.name, students=names)
        )
        return student_tab(pairing.student, "guardians", "code", "history", news=_left_to_do(pairing, codes))
    disclose(EventKind.PORTAL_ACCESS_VIEWED, pairing.student)
    context = {"pairing": pairing, "form": form, "notices": notices_about(pairing)}
    return htmx.render("guardians/revoke.html", "revocation", **context), form.status


def _revocation_form(pairing: Pairing) -> RevocationForm:
    form = RevocationForm.of(revocable_with(pairing, by=g.account), ticked=pairing)
    g.account.has_reached(pairing.student, Permission.REVOKE_GUARDIAN)  # as the pairing is: Pairing.within
    return form


def _left_to_do(pairing: Pairing, codes: list[AccessCode]) -> str:
    """Return the sentence about new codes for those who have yet to pair, for the tab of this student."""
    if any(code.student_id == pairing.student_id for code in codes):
        return _("A new access code was made. Give it to anyone who has yet to pair.")
    if codes:
        return _(
            "New access codes were made for the students you chose. Give them to anyone who has yet to pair."
        )
    return _("No new access code was made, because none was in use.")


@bp.route("/students/<student_id>/restrictions/new", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Student)
def restrict(student: Student) -> Answer:
    """Keep a person from seeing a student, for some days or until it is ended."""
    form = RestrictionForm.of(student, chosen=request.args.get("pairing", ""))
    if form.validate_on_submit() and (restriction := _restrict(student, form)):
        htmx.flash(_("Access is restricted for %(email)s.", email=restriction.email))
        return student_tab(student, "guardians", "code", "history")
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("guardians/restrict.html", student=student, form=form), form.status


def _restrict(student: Student, form: RestrictionForm) -> Restriction | None:
    whom, order, replaces_code = form.whom, form.order, form.replaces_code.data
    return form.attempt(
        lambda: restricting.restrict(student, whom, order, replaces_code=replaces_code, by=g.account)
    )


@bp.route("/restrictions/<restriction_id>/end", methods=["GET", "POST"])
@requires(Permission.RESTRICT_GUARDIAN, on=Restriction)
def end_restriction(restriction: Restriction) -> Answer:
    """End a restriction."""
    form = RestrictionEndForm()
    student = restriction.student
    g.account.has_reached(student, Permission.RESTRICT_GUARDIAN)  # as the restriction is: Restriction.within
    if form.validate_on_submit():
        restricting.lift(restriction, by=g.account, reason=form.reason.data)
        htmx.flash(_("The restriction has ended."))
        return student_tab(student, "guardians", "history")
    context = {"student": student, "restriction": restriction, "form": form}
    return htmx.render("guardians/end_restriction.html", "ending", **context), form.status


@bp.route("/students/<student_id>/guardian-limit", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def set_limit(student: Student) -> Answer:
    """Set how many guardians a student may have at once."""
    form = GuardianLimitForm(limit=student.guardian_limit)
    if form.validate_on_submit():
        student.allow_guardians(form.limit.data, by=g.account)
        htmx.flash(_("Up to %(limit)s guardians can be connected now.", limit=student.guardian_limit))
        return student_tab(student, "guardians", "history")
    return htmx.render("guardians/set_limit.html", "limit", student=student, form=form), form.status
