"""The School Picker, a school's dashboard, its settings for families, and visits from the network."""

from typing import Any

from flask import abort, g, url_for

from portal.forms.schools import FamilyPageForm, GroupingForm, SchoolSearchForm
from portal.models import School
from portal.models.figures.dashboard import all_of, duties_at, groups_of
from portal.models.schools.picker import picker_of
from portal.models.schools.school import FamilySection
from portal.models.schools.visit import visits_to
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import schools as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/schools")
@requires(Permission.ENTER_SCHOOL)
def index() -> Answer:
    """Offer the schools and networks that this person may enter."""
    form = SchoolSearchForm.of_request()
    return htmx.render("schools/index.html", "results", picker=picker_of(g.account, form.words), form=form)


@bp.get("/dashboard")
@requires(Permission.VIEW_DASHBOARD)
def dashboard() -> Answer:
    """Show a school in figures."""
    school = school_choice(Permission.VIEW_DASHBOARD).school
    figures = _figures(school, GroupingForm.of_request()) if school else {}
    return htmx.render("schools/dashboard.html", "groups", school=school, **figures)


def _figures(school: School, form: GroupingForm) -> dict[str, Any]:
    groups = groups_of(school, form.by.data)
    return {"form": form, "groups": groups, "all": all_of(groups), "duties": duties_at(school)}


@bp.route("/settings/family-page", methods=["GET", "POST"])
@requires(Permission.EDIT_SETTINGS)
def family_settings() -> Answer:
    """Set what families see of a child, and who may revoke."""
    schools, school = school_choice(Permission.EDIT_SETTINGS)
    if school is None:
        abort(404)
    form = FamilyPageForm(obj=school, sections=[each.value for each in FamilySection if school.shows(each)])
    if form.validate_on_submit():
        school.show_only(form.sections.data, by=g.account)
        school.change_settings(by=g.account, **form.rules)
        htmx.flash(_("Saved. Families of %(school)s see it from now on.", school=school.name))
        return htmx.redirect(url_for(".family_settings", school=school.public_id))
    return htmx.render("schools/family_settings.html", form=form, school=school, schools=schools), form.status


@bp.get("/settings/visits")
@requires(Permission.MANAGE_USERS)
def visits() -> Answer:
    """List the visits of network users to a school."""
    school = school_choice(Permission.MANAGE_USERS).school
    visits = visits_to(school) if school else []
    return htmx.render("schools/visits.html", school=school, visits=visits)
