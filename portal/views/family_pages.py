"""What a school shows families of a child, and who may take a guardian's sight away."""

from typing import Any

from flask import Blueprint, abort, g, url_for

from portal.forms.family_pages import FamilyPageForm
from portal.models import School
from portal.models.schools.school import FamilySection
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("family_pages", __name__)


@bp.route("/settings/family-page", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def update() -> Any:
    schools, school = place_for(Permission.EDIT_SETTINGS)
    if school is None:
        abort(404)
    form = FamilyPageForm(obj=school, sections=[each.value for each in FamilySection if school.shows(each)])
    if form.validate_on_submit():
        school.show_only(form.sections.data, by=g.account)
        school.change_settings(by=g.account, **form.rules)
        return _told(school)
    return htmx.render("family_pages/update.html", form=form, school=school, schools=schools), form.status


def _told(school: School) -> Any:
    htmx.tell(_("Saved. Families of %(school)s see it from now on.", school=school.name))
    return htmx.go_to(url_for(".update", school=school.public_id))
