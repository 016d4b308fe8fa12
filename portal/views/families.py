"""The guardian's own page: their children."""

from flask import Blueprint, g
from sqlalchemy.orm import lazyload

from portal import db, htmx
from portal.guard import requires
from portal.models import Student
from portal.permissions import Permission

bp = Blueprint("families", __name__)


@bp.get("/family")
@requires(Permission.VIEW_CHILD)
def show() -> str:
    own = Student.visible_to(g.account, Permission.VIEW_CHILD).options(lazyload(Student.code))
    children = db.session.scalars(own.order_by(Student.sort_key, Student.id)).all()
    return htmx.render("families/show.html", children=children)
