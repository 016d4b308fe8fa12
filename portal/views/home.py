"""The front door: each person to where they belong."""

from typing import Any

from flask import Blueprint, g, redirect, url_for

from portal.policy.permissions import Permission
from portal.views.staff_sign_ins import start_page
from portal.web import htmx
from portal.web.guard import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def show() -> Any:
    if g.account is None:
        return htmx.render("home/show.html")
    sees_children = g.account.may(Permission.VIEW_CHILD)
    return redirect(url_for("families.show") if sees_children else start_page(g.account), code=303)
