"""Many accounts come from one place: the email is verified before this one is made."""

from flask import Blueprint

from portal.web import htmx
from portal.web.guard import public

bp = Blueprint("sign_up_checks", __name__)


@bp.get("/join/check-your-email")
@public
def show() -> str:
    return htmx.render("sign_up_checks/show.html")
