"""The access code of a student: enabled, reset, copied."""

from typing import Any

from flask import Response, g, url_for

from portal import db
from portal.forms.codes import CodeResetForm
from portal.models import AccessCode, EventKind, Student
from portal.models.accounts.alarms import reveal
from portal.models.codes.portal_access import live_code
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import codes as bp
from portal.views.codes.instructions import instructions_of
from portal.views.codes.tab import back_to, tab
from portal.web import htmx
from portal.web.guard import requires


@bp.post("/students/<student_id>/access-code")
@requires(Permission.MANAGE_CODES, on=Student)
def enable(student: Student) -> Any:
    """Make a code where there is none that works, and show the login instructions."""
    code = AccessCode.enable(student, by=g.account)
    if not htmx.wants_part():
        return htmx.redirect(url_for("codes.instructions", student_id=student.public_id))
    reveal(EventKind.CODE_SHOWN, by=g.account, student_id=student.id)
    db.conclude()
    context = tab(student) | {"opened": instructions_of(student, code)}
    return htmx.render("codes/show.html", "code", "history", "instructions", **context)


@bp.route("/students/<student_id>/access-code/reset", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def reset(student: Student) -> Any:
    """Say what resetting does, and replace the code (rule A10)."""
    code = live_code(student)
    if code is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    form = CodeResetForm(seen=code.public_id)
    if form.validate_on_submit() and _is_reset(student, form):
        return _respond(student)
    return htmx.render("codes/reset.html", "reset", student=student, form=form), form.status


def _is_reset(student: Student, form: CodeResetForm) -> bool:
    form.attempt(lambda: AccessCode.replace(student, by=g.account, seen=form.seen.data))
    return not form.form_errors


def _respond(student: Student) -> Any:
    htmx.flash(_("A new access code was made. The old one no longer works."))
    return back_to(student, "code", "history")


@bp.post("/students/<student_id>/access-code/copy")
@requires(Permission.MANAGE_CODES, on=Student)
def copy(student: Student) -> Any:
    """Record that the code was copied."""
    reveal(EventKind.CODE_COPIED, by=g.account, student_id=student.id)
    return Response(status=204)
