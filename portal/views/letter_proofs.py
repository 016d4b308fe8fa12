"""Proofs of a letter: the page as it will be printed, of a student nobody knows, before anything is saved."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, make_response
from werkzeug.wrappers import Response

from portal import clock
from portal.db import Refused
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import prove
from portal.documents.sample import specimen, starters
from portal.forms.letter_wordings import LetterWordingForm
from portal.models import LetterWording, School
from portal.policy.permissions import Permission
from portal.web import headers, htmx
from portal.web.current_school import school_for
from portal.web.guard import requires

#: Where the letter of one language is written.
LETTER_IN = "/settings/letter/<any(en,es):language>"

bp = Blueprint("letter_proofs", __name__, url_prefix=LETTER_IN)


@bp.get("/proof.pdf")
@requires(Permission.EDIT_SETTINGS)
def show(language: str) -> Any:
    school = school_for(Permission.EDIT_SETTINGS)
    current = LetterWording.current(school, language)
    return _answer(LetterWordingForm(formdata=None), school, language, current.boxes if current else {})


@bp.post("/proof.pdf")
@requires(Permission.EDIT_SETTINGS, writes_itself=True)
def create(language: str) -> Any:
    school, form = school_for(Permission.EDIT_SETTINGS), LetterWordingForm()
    boxes = form.written(starters(language)) if form.validate() else {}
    return _answer(form, school, language, boxes)


def specimen_of(school: School, language: str, boxes: Mapping[str, str]) -> Letter:
    """The letter that a proof shows."""
    address = current_app.extensions["settings"].address
    return specimen(school, language, boxes, address=address, today=clock.today(school.time_zone))


def _answer(form: LetterWordingForm, school: School, language: str, boxes: Mapping[str, str]) -> Response:
    """The PDF, or in its place on the page what stands against it."""
    if form.status == 200:
        try:
            return headers.in_frame(
                make_response(prove(specimen_of(school, language, boxes)).pdf), is_pdf=True
            )
        except PrintingFailed as failure:
            form.refuse(Refused(str(failure)))
    page = htmx.render("letter_proofs/refused.html", form=form)
    return headers.in_frame(make_response(page, form.status))
