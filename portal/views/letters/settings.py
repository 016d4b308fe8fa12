"""Settings > Letter: paper, envelope and office of a school's letters."""

from flask import abort, g, url_for

from portal.forms.letters import LetterSettingsForm
from portal.models import LetterWording, School
from portal.models.letters.wording import wordings_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import letters as bp
from portal.web import htmx
from portal.web.current_school import SchoolChoice, school_choice
from portal.web.guard import requires
from portal.web.htmx import Answer

#: The languages that letters are written in, as their readers call them.
LANGUAGES = {"en": "English", "es": "Español"}


@bp.route("/settings/letter", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def settings() -> Answer:
    """Set paper, envelope and office of a school's letters."""
    choice = school_choice(Permission.EDIT_SETTINGS)
    if choice.school is None:
        abort(404)
    form = LetterSettingsForm(obj=choice.school)
    if form.validate_on_submit():
        choice.school.change_settings(by=g.account, **form.settings)
        return _respond(choice.school)
    return _page(choice, choice.school, form), form.status


def _page(choice: SchoolChoice, school: School, form: LetterSettingsForm) -> str:
    return htmx.render(
        "letters/settings.html",
        form=form,
        school=school,
        schools=choice.schools,
        languages=LANGUAGES,
        own={language for (_school, language), boxes in wordings_of([school.id]).items() if boxes},
        changes=LetterWording.latest(school),
    )


def _respond(school: School) -> Answer:
    htmx.flash(_("Saved. Letters printed from now on are like this."))
    return htmx.redirect(url_for(".settings", school=school.public_id))
