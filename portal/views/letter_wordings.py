"""The words of a school's letters in one language: writing them, and giving ours back."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.db import Refused
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import prove
from portal.documents.sample import starters
from portal.forms.form import Form
from portal.forms.letter_wordings import LetterWordingForm
from portal.models import LetterWording, School
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.letter_proofs import LETTER_IN, specimen_of
from portal.web import headers, htmx
from portal.web.current_school import school_for
from portal.web.guard import requires

bp = Blueprint("letter_wordings", __name__, url_prefix=LETTER_IN)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS, writes_itself=True)
def update(language: str) -> Any:
    school, ours = school_for(Permission.EDIT_SETTINGS), starters(language)
    current = LetterWording.current(school, language)
    form = LetterWordingForm(
        seen=current.id if current else "", **(ours | (current.boxes if current else {}))
    )
    if form.validate_on_submit() and _is_saved(form, school, language, form.written(ours)):
        return _told(_("Saved. Letters printed from now on say it."))
    page = htmx.render("letter_wordings/update.html", form=form, school=school, language=language)
    return headers.with_frame(page, form.status)


@bp.route("/original", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def delete(language: str) -> Any:
    school, form = school_for(Permission.EDIT_SETTINGS), Form()
    current = LetterWording.current(school, language)
    if form.validate_on_submit():
        LetterWording.write(school, language, {}, by=g.account, seen=current.id if current else None)
        return _told(_("The letter says what it said at first."))
    words = {"school": school, "language": language, "form": form}
    return htmx.render("letter_wordings/delete.html", "original", **words), form.status


def _is_saved(form: LetterWordingForm, school: School, language: str, boxes: dict[str, str]) -> bool:
    """Laid out first, in a process of its own and outside of any transaction; then stored."""
    try:
        form.refuse_crowded(prove(specimen_of(school, language, boxes)).crowded)
        if not form.errors:
            with db.writing():
                again = school_for(Permission.EDIT_SETTINGS)  # levels may have changed while it was laid out
                LetterWording.write(again, language, boxes, by=g.account, seen=form.seen_id)
    except PrintingFailed as failure:
        form.refuse(Refused(str(failure)))
    except Refused as refusal:
        form.refuse(refusal)
    return form.status == 200


def _told(message: str) -> Any:
    school = school_for(Permission.EDIT_SETTINGS)
    htmx.tell(message)
    return htmx.go_to(url_for("letter_settings.update", school=school.public_id))
