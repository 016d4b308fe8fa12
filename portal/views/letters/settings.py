"""Settings > Letter: paper, envelope and office of a school's letters."""

from typing import Any

from flask import abort, g, url_for

from portal.forms.letters import LetterSettingsForm
from portal.models import LetterWording, School
from portal.models.letters.wording import wordings_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import letters as bp
from portal.web import htmx
from portal.web.current_school import Place, place_for
from portal.web.guard import requires

#: The languages that letters are written in, as their readers call them.
LANGUAGES = {"en": "English", "es": "Español"}


@bp.route("/settings/letter", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def settings() -> Any:
    """Set paper, envelope and office of a school's letters."""
    place = place_for(Permission.EDIT_SETTINGS)
    if place.school is None:
        abort(404)
    form = LetterSettingsForm(obj=place.school)
    if form.validate_on_submit():
        place.school.change_settings(by=g.account, **form.settings)
        return _told(place.school)
    return _page(place, place.school, form), form.status


def _page(place: Place, school: School, form: LetterSettingsForm) -> str:
    return htmx.render(
        "letters/settings.html",
        form=form,
        school=school,
        schools=place.schools,
        languages=LANGUAGES,
        own={language for (_school, language), boxes in wordings_of([school.id]).items() if boxes},
        changes=LetterWording.latest(school),
    )


def _told(school: School) -> Any:
    htmx.tell(_("Saved. Letters printed from now on are like this."))
    return htmx.go_to(url_for(".settings", school=school.public_id))
