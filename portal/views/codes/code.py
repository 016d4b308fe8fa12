"""The Portal Access tab of a student: the access code, enabled, reset, copied, and its login instructions on screen."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, url_for

from portal import db
from portal.documents.pdf.qr_code import qr_image
from portal.forms.codes import CodeResetForm, InstructionMailForm
from portal.models import AccessCode, EventKind, Student
from portal.models.accounts.alarms import reveal
from portal.models.codes.portal_access import live_code, portal_access_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import codes as bp
from portal.views.codes.tab_texts import event_lines, guardian_rows
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/students/<student_id>/portal-access")
@requires(Permission.VIEW_GUARDIANS, on=Student)
def show(student: Student) -> Answer:
    """Show the Portal Access tab of a student."""
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("codes/show.html", "code", "guardians", "history", **_context(student))


def student_tab(student: Student, *parts: str, news: str | None = None) -> Answer:
    """Return the tab after an act: these parts of it for htmx, the first one at its target; otherwise the whole page.

    `news` stands in the card of the code, or above the page.
    """
    if htmx.wants_part():
        db.commit_now()  # what is shown is read outside the write transaction
        return htmx.render("codes/show.html", *parts, **_context(student, aim=parts[0], news=news))
    if news:
        htmx.flash(news)
    return htmx.redirect(url_for("codes.show", student_id=student.public_id))


def _context(student: Student, *, aim: str = "code", news: str | None = None) -> dict[str, Any]:
    access = portal_access_of(student)
    texts = {"guardian_rows": guardian_rows(access), "event_lines": event_lines(access)}
    return {"student": student, "access": access, "aim": aim, "news": news, "opened": None, **texts}


@bp.post("/students/<student_id>/access-code")
@requires(Permission.MANAGE_CODES, on=Student)
def enable(student: Student) -> Answer:
    """Make a code where there is none that works, and show the login instructions."""
    code = AccessCode.enable(student, by=g.account)
    if not htmx.wants_part():
        return htmx.redirect(url_for("codes.instructions", student_id=student.public_id))
    reveal(EventKind.CODE_SHOWN, by=g.account, student_id=student.id)
    db.commit_now()
    context = _context(student) | {"opened": _window(student, code)}
    return htmx.render("codes/show.html", "code", "history", "instructions", **context)


@bp.route("/students/<student_id>/access-code/reset", methods=["GET", "POST"])
@requires(Permission.MANAGE_CODES, on=Student)
def reset(student: Student) -> Answer:
    """Say what resetting does, and replace the code (rule A10)."""
    code = live_code(student)
    if code is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    form = CodeResetForm(seen=code.public_id)
    seen = form.seen.data
    if form.validate_on_submit() and form.attempt(
        lambda: AccessCode.replace(student, by=g.account, seen=seen)
    ):
        htmx.flash(_("A new access code was made. The old one no longer works."))
        return student_tab(student, "code", "history")
    return htmx.render("codes/reset.html", "reset", student=student, form=form), form.status


@bp.post("/students/<student_id>/access-code/copy")
@requires(Permission.MANAGE_CODES, on=Student)
def copy(student: Student) -> Answer:
    """Record that the code was copied."""
    reveal(EventKind.CODE_COPIED, by=g.account, student_id=student.id)
    return Response(status=204)


@dataclass(frozen=True, kw_only=True)
class Instructions:
    """The content of the window. `join_url` is the address to type, without the code."""

    student: Student
    code: AccessCode
    text: str
    join_url: str
    form: InstructionMailForm

    @property
    def image(self) -> str:
        """The QR code: the code stands in the fragment, which no server is sent."""
        return qr_image(f"{self.join_url}#{self.text}")


@bp.get("/students/<student_id>/login-instructions")
@requires(Permission.MANAGE_CODES, on=Student)
def instructions(student: Student) -> Answer:
    """Show the login instructions with the code."""
    code = live_code(student)
    if code is None:
        return htmx.redirect(url_for("codes.show", student_id=student.public_id))
    return htmx.render("codes/instructions.html", "instructions", opened=_window(student, code))


def _window(student: Student, code: AccessCode) -> Instructions:
    """Return the content of the window, and record that the code was shown."""
    disclose(EventKind.CODE_SHOWN, student)
    return Instructions(
        student=student,
        code=code,
        text=code.text,
        join_url=f"{current_app.extensions['settings'].address}/join",
        form=InstructionMailForm.of(student),
    )
