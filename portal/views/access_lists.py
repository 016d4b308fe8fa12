"""Student/Parent Portal Access: every student whose codes this person may manage."""

from typing import Any

from flask import Blueprint, g

from portal import htmx
from portal.forms.access_lists import AccessSearchForm
from portal.guard import requires
from portal.models.student_choices import Choices, choices_in
from portal.models.student_list import ACCESS, students_of
from portal.permissions import Permission
from portal.place import place_for

bp = Blueprint("access_lists", __name__)


@bp.get("/portal-access")
@requires(Permission.MANAGE_CODES)
def index() -> Any:
    schools, school = place_for(Permission.MANAGE_CODES)
    choices = choices_in(school, courses=True) if school else Choices([], [], [])
    form = AccessSearchForm.of(schools, choices)
    page = students_of(school, form.wanted, by=g.account, listing=ACCESS) if school else None
    parts = ("rows", "more") if form.wanted.after else ("results",)
    query = form.query | {"school": school.public_id} if school else {}
    return htmx.render("access_lists/index.html", *parts, form=form, school=school, page=page, query=query)
