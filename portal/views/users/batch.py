"""Batch Actions: the same access level for several people, after looking at what that does."""

from flask import g, url_for

from portal.forms.users import LevelChangeForm, sent_users
from portal.models import School
from portal.models.users import level_batch
from portal.models.users.level_batch import LevelBatch
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.text.language import ngettext
from portal.views.blueprints import users as bp
from portal.views.users.users import managed_schools
from portal.web import htmx
from portal.web.guard import requires
from portal.web.htmx import Answer

#: As many names fit into a short message.
NAMED = 5


@bp.route("/settings/users/level-changes/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS, writes_itself=True)
def change_levels() -> Answer:
    """Say what it does, and give several people another access level."""
    _schools, school = managed_schools()
    form = LevelChangeForm.of_request()
    plan = form.plan(school)
    if (
        plan
        and form.validate_on_submit()
        and form.confirm_password()
        and (done := _change(plan, form, school))
    ):
        return _respond(done, school)
    context = {"form": form, "plan": plan, "school": school}
    return htmx.render("users/change_levels.html", "change", **context), form.status, form.headers


def _change(plan: LevelBatch, form: LevelChangeForm, school: School) -> LevelBatch | None:
    """Change the levels; none when the rules say no, and the form says why."""
    return form.attempt(lambda: level_batch.change_levels(sent_users(school), plan.to, by=g.account))


def _respond(done: LevelBatch, school: School) -> Answer:
    """Lead back to the list, and say how many were changed and who was left out."""
    count = len(done.changing)
    htmx.flash(
        ngettext(
            "%(num)s person is %(level)s now.",
            "%(num)s people are %(level)s now.",
            count,
            level=done.to.label,
        )
        + _left_out(done)
    )
    return htmx.redirect(url_for("users.index", school=school.public_id))


def _left_out(done: LevelBatch) -> str:
    names = [row.staff.name for row, _reason in done.left_out]
    if not names:
        return ""
    shown = ", ".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return " " + _("Left out: %(names)s.", names=shown)
