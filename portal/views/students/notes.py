"""The tab with the notes of staff about a student."""

from typing import Any

from flask import abort, g, request, url_for

from portal import clock, db
from portal.forms.students import NoteCorrectionForm, NoteForm
from portal.models import EventKind, Note, Student
from portal.models.students.note_list import notes_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import students as bp
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/students/<student_id>/notes")
@requires(Permission.VIEW_NOTES, on=Student)
def notes(student: Student) -> Answer:
    """List the notes about a student."""
    after = request.args.get("after", "")[:22]
    parts = ("entries", "more") if after else ("notes",)
    return htmx.render("students/notes.html", *parts, **_tab(student, NoteForm(), after=after))


@bp.post("/students/<student_id>/notes")
@requires(Permission.ADD_NOTE, on=Student)
def add_note(student: Student) -> Answer:
    """Add a note about a student."""
    form = NoteForm()
    if form.validate_on_submit():
        Note.add(student, form.text.data, by=g.account)
        htmx.flash(_("The note was added. You can correct it for 15 minutes."))
        return _back_to(student)
    return htmx.render("students/notes.html", "notes", **_tab(student, form)), form.status


@bp.route("/notes/<note_id>", methods=["GET", "POST"])
@requires(Permission.ADD_NOTE, on=Note)
def correct_note(note: Note) -> Answer:
    """Correct one's own note within 15 minutes (rule B12)."""
    if note.author_id != g.account.id:
        abort(404)
    form = NoteCorrectionForm(text=note.text, seen=note.versions)
    if form.validate_on_submit() and _correct(note, form):
        htmx.flash(_("The note was corrected. What it said before stays in its history."))
        return _back_to(note.student)
    return htmx.render("students/correct_note.html", "correction", note=note, form=form), form.status


def _tab(student: Student, form: NoteForm, *, after: str = "") -> dict[str, Any]:
    disclose(EventKind.STUDENT_VIEWED, student, tab="notes")
    notes = notes_of(student, after=after)
    return {"student": student, "form": form, "notes": notes, "is_later": bool(after), "now": clock.now()}


def _back_to(student: Student) -> Answer:
    if htmx.wants_part():
        db.commit_now()  # what is shown is read outside the write transaction
        return htmx.render("students/notes.html", "notes", **_tab(student, NoteForm(formdata=None)))
    return htmx.redirect(url_for("students.notes", student_id=student.public_id))


def _correct(note: Note, form: NoteCorrectionForm) -> Note | None:
    text, seen = form.text.data, form.seen.data or note.versions
    return form.attempt(lambda: note.correct(text, seen=seen, by=g.account))
