"""Settings > Letter: paper, envelope and office of a school's letters, and their words in each language."""

from flask import Response, abort, current_app, g, request, url_for

from portal import clock
from portal.documents.letter import Letter
from portal.documents.sample import sample_letter, starters
from portal.forms.base import Form
from portal.forms.letters import LetterSettingsForm, LetterWordingForm
from portal.models import LetterWording, School
from portal.models.letters.wording import Boxes, wordings_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import letters as bp
from portal.web import headers, htmx
from portal.web.current_school import school_choice, school_for
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane

#: The languages that letters are written in, as their readers call them.
LANGUAGES = {"en": "English", "es": "Español"}

#: What stands in the frame of the page on which a letter is written.
FRAMED, PDF = ("letters.preview", "letters.preview_draft"), "application/pdf"

#: Where the letter of one language is written.
LETTER_IN = "/settings/letter/<any(en,es):language>"


@bp.route("/settings/letter", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def settings() -> Answer:
    """Set paper, envelope and office of a school's letters."""
    schools, school = school_choice(Permission.EDIT_SETTINGS)
    if school is None:
        abort(404)
    form = LetterSettingsForm(obj=school)
    if form.validate_on_submit():
        school.change_settings(by=g.account, **form.settings)
        return _back_to_settings(school, _("Saved. Letters printed from now on are like this."))
    own = {language for (_school, language), boxes in wordings_of([school.id]).items() if boxes}
    context = {"school": school, "schools": schools, "languages": LANGUAGES, "own": own}
    page = htmx.render("letters/settings.html", form=form, changes=LetterWording.latest(school), **context)
    return page, form.status


def _back_to_settings(school: School, message: str) -> Answer:
    htmx.flash(message)
    return htmx.redirect(url_for("letters.settings", school=school.public_id))


@bp.route(f"{LETTER_IN}", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS, writes_itself=True, lane=Lane.PREVIEWS)
def write(language: str) -> Answer:
    """Write the words of a school's letters in one language."""
    school = school_for(Permission.EDIT_SETTINGS)
    ours = starters(language)
    current = LetterWording.current(school, language)
    seen, texts = (current.id, current.boxes) if current else ("", {})
    form = LetterWordingForm(seen=seen, **(ours | texts))
    if form.validate_on_submit() and _write(form, school, language, form.written(ours)) is not None:
        return _back_to_settings(school, _("Saved. Letters printed from now on say it."))
    page = htmx.render("letters/write.html", form=form, school=school, language=language)
    return headers.with_frame(page, form.status, form.headers)


def _write(form: LetterWordingForm, school: School, language: str, boxes: Boxes) -> bool | None:
    """Store the words once they are laid out, which happens outside of any transaction; whether they are new.

    None, and why on the form, when they do not fit, or the rules say no.
    """
    if not form.accepts_layout(_sample_of(school, language, boxes)):
        return None
    return form.attempt(lambda: _store(language, boxes, seen=form.seen_id))


def _store(language: str, boxes: Boxes, *, seen: int | None) -> bool:
    school = school_for(Permission.EDIT_SETTINGS)  # levels may have changed while it was laid out
    return LetterWording.write(school, language, boxes, by=g.account, seen=seen)


def _sample_of(school: School, language: str, boxes: Boxes) -> Letter:
    """Return the sample letter that the preview shows."""
    address = current_app.extensions["settings"].address
    return sample_letter(school, language, boxes, address=address, today=clock.today(school.time_zone))


@bp.get(f"{LETTER_IN}/proof.pdf")
@requires(Permission.EDIT_SETTINGS, lane=Lane.PREVIEWS)
def preview(language: str) -> Answer:
    """Send the letter as it is saved, as a PDF of a made-up student."""
    school = school_for(Permission.EDIT_SETTINGS)
    current = LetterWording.current(school, language)
    return _preview(LetterWordingForm(formdata=None), school, language, current.boxes if current else {})


@bp.post(f"{LETTER_IN}/proof.pdf")
@requires(Permission.EDIT_SETTINGS, writes_itself=True, lane=Lane.PREVIEWS)
def preview_draft(language: str) -> Answer:
    """Send the letter with the words that were typed, before they are saved."""
    school = school_for(Permission.EDIT_SETTINGS)
    form = LetterWordingForm()
    boxes = form.written(starters(language)) if form.validate() else {}
    return _preview(form, school, language, boxes)


def _preview(form: LetterWordingForm, school: School, language: str, boxes: Boxes) -> Answer:
    """Return the PDF for the frame. If there is none, return a page that says why."""
    if form.status == 200 and (laid_out := form.lay_out(_sample_of(school, language, boxes))):
        return Response(laid_out.pdf, mimetype=PDF)
    return htmx.render("letters/preview_refused.html", form=form), form.status, form.headers


@bp.after_request
def _allow_frame(answer: Response) -> Response:
    """Let the frame show the preview, and also why there is none where another than the view said so."""
    if request.endpoint in FRAMED:
        headers.in_frame(answer, is_pdf=answer.mimetype == PDF)
    return answer


@bp.route(f"{LETTER_IN}/original", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def restore_original(language: str) -> Answer:
    """Give back the portal's own words in one language."""
    school = school_for(Permission.EDIT_SETTINGS)
    form = Form()
    current = LetterWording.current(school, language)
    if form.validate_on_submit():
        LetterWording.write(school, language, {}, by=g.account, seen=current.id if current else None)
        return _back_to_settings(school, _("The letter says what it said at first."))
    context = {"school": school, "language": language, "form": form}
    return htmx.render("letters/restore_original.html", "original", **context), form.status
