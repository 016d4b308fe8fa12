"""The words of a school's letters in one language: writing them, seeing them on paper, restoring ours."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, g, make_response, url_for
from werkzeug.wrappers import Response

from portal import clock, db
from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import preview_letter
from portal.documents.sample import sample_letter, starters
from portal.forms.base import Form
from portal.forms.letters import LetterWordingForm
from portal.models import LetterWording, School
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import letters as bp
from portal.web import headers, htmx
from portal.web.current_school import school_for
from portal.web.guard import requires

#: Where the letter of one language is written.
LETTER_IN = "/settings/letter/<any(en,es):language>"


@bp.get(f"{LETTER_IN}/proof.pdf")
@requires(Permission.EDIT_SETTINGS)
def preview(language: str) -> Any:
    """Send the letter as it is saved, as a PDF of a made-up student."""
    school = school_for(Permission.EDIT_SETTINGS)
    current = LetterWording.current(school, language)
    return _answer(LetterWordingForm(formdata=None), school, language, current.boxes if current else {})


@bp.post(f"{LETTER_IN}/proof.pdf")
@requires(Permission.EDIT_SETTINGS, writes_itself=True)
def preview_draft(language: str) -> Any:
    """Send the letter with the words that were typed, before they are saved."""
    school, form = school_for(Permission.EDIT_SETTINGS), LetterWordingForm()
    boxes = form.written(starters(language)) if form.validate() else {}
    return _answer(form, school, language, boxes)


def _sample_of(school: School, language: str, boxes: Mapping[str, str]) -> Letter:
    """The sample letter that the preview shows."""
    address = current_app.extensions["settings"].address
    return sample_letter(school, language, boxes, address=address, today=clock.today(school.time_zone))


def _answer(form: LetterWordingForm, school: School, language: str, boxes: Mapping[str, str]) -> Response:
    """The PDF, or in its place on the page what stands against it."""
    if form.status == 200:
        try:
            return headers.in_frame(
                make_response(preview_letter(_sample_of(school, language, boxes)).pdf), is_pdf=True
            )
        except PrintingFailed as failure:
            form.refuse(Refused(str(failure)))
    page = htmx.render("letters/preview_refused.html", form=form)
    return headers.in_frame(make_response(page, form.status))


@bp.route(f"{LETTER_IN}", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS, writes_itself=True)
def write(language: str) -> Any:
    """Write the words of a school's letters in one language."""
    school, ours = school_for(Permission.EDIT_SETTINGS), starters(language)
    current = LetterWording.current(school, language)
    form = LetterWordingForm(
        seen=current.id if current else "", **(ours | (current.boxes if current else {}))
    )
    if form.validate_on_submit() and _is_saved(form, school, language, form.written(ours)):
        return _respond(_("Saved. Letters printed from now on say it."))
    page = htmx.render("letters/write.html", form=form, school=school, language=language)
    return headers.with_frame(page, form.status)


@bp.route(f"{LETTER_IN}/original", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def restore_original(language: str) -> Any:
    """Give back the portal's own words in one language."""
    school, form = school_for(Permission.EDIT_SETTINGS), Form()
    current = LetterWording.current(school, language)
    if form.validate_on_submit():
        LetterWording.write(school, language, {}, by=g.account, seen=current.id if current else None)
        return _respond(_("The letter says what it said at first."))
    context = {"school": school, "language": language, "form": form}
    return htmx.render("letters/restore_original.html", "original", **context), form.status


def _is_saved(form: LetterWordingForm, school: School, language: str, boxes: dict[str, str]) -> bool:
    """Laid out first, in a process of its own and outside of any transaction; then stored."""
    try:
        form.refuse_crowded(preview_letter(_sample_of(school, language, boxes)).crowded)
        if not form.errors:
            with db.writing():
                again = school_for(Permission.EDIT_SETTINGS)  # levels may have changed while it was laid out
                LetterWording.write(again, language, boxes, by=g.account, seen=form.seen_id)
    except PrintingFailed as failure:
        form.refuse(Refused(str(failure)))
    except Refused as refusal:
        form.refuse(refusal)
    return form.status == 200


def _respond(message: str) -> Any:
    school = school_for(Permission.EDIT_SETTINGS)
    htmx.flash(message)
    return htmx.redirect(url_for("letters.settings", school=school.public_id))
