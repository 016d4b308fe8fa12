"""The School Picker: the schools one may enter, and the networks one may look at."""

from typing import Any

from flask import Blueprint, g

from portal.forms.schools import SchoolSearchForm
from portal.models.schools.picker import picker_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("schools", __name__)


@bp.get("/schools")
@requires(Permission.ENTER_SCHOOL)
def index() -> Any:
    form = SchoolSearchForm.of_request()
    return htmx.render("schools/index.html", "results", picker=picker_of(g.account, form.words), form=form)
