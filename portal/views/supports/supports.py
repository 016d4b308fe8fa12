"""The supports of a school: who leads them, who is in them, adding, editing and ending them."""

from typing import Any

from flask import g, url_for

from portal import db
from portal.db import Refused
from portal.forms.supports import SupportChangeForm, SupportEndingForm, SupportForm, SupportSearchForm
from portal.models import School, Support
from portal.models.supports.caseload_reasons import seen_only_through
from portal.models.supports.list import members_of, supports_of
from portal.models.supports.support import Stale
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import supports as bp
from portal.web import htmx
from portal.web.current_school import school_choice
from portal.web.guard import requires


@bp.get("/supports")
@requires(Permission.VIEW_STUDENT)
def index() -> Any:
    """List the supports of a school."""
    schools, school = school_choice()
    form = SupportSearchForm.of(schools)
    lines = supports_of(school, form.filter, by=g.account) if school else []
    return htmx.render("supports/index.html", "results", form=form, school=school, lines=lines)


@bp.get("/supports/<support_id>")
@requires(Permission.VIEW_STUDENT, on=Support)
def show(support: Support) -> Any:
    """Show a support, its terms and its students."""
    return htmx.render("supports/show.html", "students", **page(support))


@bp.route("/supports/new/<school_id>", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=School)
def add(school: School) -> Any:
    """Add a support to a school."""
    form = SupportForm.new(school)
    if form.validate_on_submit():
        try:
            support = Support.create(school, form.terms, by=g.account)
            return _respond(support, _("The support was created. Now add its students."))
        except Refused as refusal:
            form.refuse(refusal)
    return htmx.render("supports/add.html", "support", school=school, form=form), form.status


@bp.route("/supports/<support_id>/edit", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=Support)
def edit(support: Support) -> Any:
    """Change the terms of a support."""
    form = SupportChangeForm.of(support)
    if form.validate_on_submit() and _is_saved(support, form):
        return _respond(support, _("Saved."))
    return htmx.render("supports/edit.html", "support", support=support, form=form), form.status


def page(support: Support) -> dict[str, Any]:
    """What the page of one support is given."""
    db.session.refresh(support)
    return {"support": support, "members": members_of(support, by=g.account)}


def back_to(support: Support) -> Any:
    """To the page of the support."""
    return htmx.redirect(url_for("supports.show", support_id=support.public_id))


def _is_saved(support: Support, form: SupportChangeForm) -> bool:
    try:
        support.change(form.terms, seen=form.seen.data or 0, by=g.account)
    except Stale as stale:
        form.refuse_stale(stale, support)
    except Refused as refusal:
        form.refuse(refusal)
    return form.status == 200


def _respond(support: Support, message: str) -> Any:
    htmx.flash(message)
    return back_to(support)


@bp.route("/supports/<support_id>/end", methods=["GET", "POST"])
@requires(Permission.CREATE_SUPPORT, on=Support)
def end(support: Support) -> Any:
    """Say who will lose sight of whom, and end the support."""
    form = SupportEndingForm()
    if form.validate_on_submit():
        support.end(by=g.account)
        htmx.flash(_("The support was ended."))
        return back_to(support)
    context = {"support": support, "form": form, "lost": seen_only_through(support)}
    return htmx.render("supports/end.html", "ending", **context), form.status
