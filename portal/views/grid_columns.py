"""Choosing what the Data Grid shows."""

from typing import Any

from flask import Blueprint, abort, g, request

from portal.forms.grid_columns import GridColumnsForm
from portal.models.grid.column import columns_for
from portal.models.grid.filter import GridWanted
from portal.models.grid.layout import choose_columns, chosen_columns
from portal.policy.permissions import Permission
from portal.views.grids import grid_address
from portal.views.students import sees_status
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires

bp = Blueprint("grid_columns", __name__)


@bp.route("/students/grid/columns", methods=["GET", "POST"])
@requires(Permission.VIEW_STUDENT)
def update() -> Any:
    school, sees = place_for().school or abort(404), sees_status()
    form = GridColumnsForm(columns=list(chosen_columns(g.account, sees_guardians=sees)))
    form.offer(columns_for(sees_guardians=sees))
    wanted = GridWanted.read(request.args, school, sees_guardians=sees)
    if form.validate_on_submit():
        choose_columns(g.account, form.columns.data)
        return htmx.go_to(grid_address(wanted))
    return htmx.render("grid_columns/update.html", "columns", form=form, query=wanted.query), form.status
