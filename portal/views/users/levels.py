"""What can each level do? Apart from the other pages of users, since everybody at a school may read it."""

from portal.policy.chart import charts
from portal.policy.permissions import Permission
from portal.views.blueprints import levels as bp
from portal.web import htmx
from portal.web.current_school import stay_in_school
from portal.web.guard import requires


@bp.get("/settings/levels")
@requires(Permission.VIEW_STUDENT)
def index() -> str:
    """Show what each access level can do."""
    stay_in_school()
    at_school, at_network = charts()
    return htmx.render("users/levels.html", at_school=at_school, at_network=at_network)
