"""The Portal Access tab of a student. It stands apart because most acts on codes and guardians lead back to it."""

from typing import Any

from flask import url_for

from portal.models import EventKind, Student
from portal.models.codes.portal_access import portal_access_of
from portal.policy.permissions import Permission
from portal.views.blueprints import codes as bp
from portal.web import htmx
from portal.web.disclosures import disclose
from portal.web.guard import requires


@bp.get("/students/<student_id>/portal-access")
@requires(Permission.VIEW_GUARDIANS, on=Student)
def show(student: Student) -> Any:
    """Show the Portal Access tab of a student."""
    disclose(EventKind.PORTAL_ACCESS_VIEWED, student)
    return htmx.render("codes/show.html", "code", "guardians", "history", **tab(student))


def tab(student: Student, *, aim: str = "code", news: str | None = None) -> dict[str, Any]:
    """What the tab's template is given. `aim` is the part htmx swaps in place; `news` stands in the code's card."""
    access = portal_access_of(student)
    return {"student": student, "access": access, "aim": aim, "news": news, "opened": None}


def back_to(student: Student, *parts: str, news: str | None = None) -> Any:
    """The tab after an act: its page, or these parts of it, the first one where htmx aims."""
    if htmx.wants_part():
        return htmx.render("codes/show.html", *parts, **tab(student, aim=parts[0], news=news))
    if news:
        htmx.flash(news)
    return htmx.redirect(url_for("codes.show", student_id=student.public_id))
