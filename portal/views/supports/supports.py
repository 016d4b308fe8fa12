"""The supports of a school: who leads them, who is in them, adding, editing and ending them."""

from flask import g, url_for

from portal import db
from portal.forms.base import Form
from portal.forms.supports import SupportChangeForm, SupportForm, SupportSearchForm
from portal.models import School, Support
from portal.models.supports.caseload_reasons import students_seen_only_through
from portal.models.supports.list import members_of, supports_of
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import supports as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/supports")
@requires(Permission.VIEW_STUDENT)
def index() -> Answer:
    """List the supports of a school."""
    schools, school = school_choice()
    form = SupportSearchForm.of(schools)
    lines = supports_of(school, form.filter, by=g.account) if school else []
    return htmx.render("supports/index.html", "results", form=form, school=school, lines=lines)


@bp.get("/supports/<support_id>")
@requires(Permission.VIEW_STUDENT, on=Support)
def show(support: Support) -> Answer:
    """Show a support, its terms and its students."""
    db.session.refresh(support)
    members = members_of(support, by=g.account)
    return htmx.render("supports/show.html", "students", support=support, members=members)


@bp.route("/supports/new/<school_id>", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=School)
def add(school: School) -> Answer:
    """Add a support to a school."""
    form = SupportForm.new(school)
    if form.validate_on_submit() and (support := _create(school, form)):
        return _back_to(support, _("The support was created. Now add its students."))
    return htmx.render("supports/add.html", "support", school=school, form=form), form.status


def _create(school: School, form: SupportForm) -> Support | None:
    terms = form.terms
    return form.attempt(lambda: Support.create(school, terms, by=g.account))


def _back_to(support: Support, message: str) -> Answer:
    htmx.flash(message)
    return htmx.redirect(url_for("supports.show", support_id=support.public_id))


@bp.route("/supports/<support_id>/edit", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=Support)
def edit(support: Support) -> Answer:
    """Change the terms of a support."""
    form = SupportChangeForm.of(support)
    if form.validate_on_submit() and _change(support, form):
        return _back_to(support, _("Saved."))
    return htmx.render("supports/edit.html", "support", support=support, form=form), form.status


def _change(support: Support, form: SupportChangeForm) -> Support | None:
    terms, seen = form.terms, form.seen.data or 0
    return form.attempt(lambda: support.change(terms, seen=seen, by=g.account))


@bp.route("/supports/<support_id>/end", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=Support)
def end(support: Support) -> Answer:
    """Say who will lose sight of whom, and end the support."""
    form = Form()
    if form.validate_on_submit():
        support.end(by=g.account)
        return _back_to(support, _("The support was ended."))
    context = {"support": support, "form": form, "lost": students_seen_only_through(support)}
    return htmx.render("supports/end.html", "ending", **context), form.status
