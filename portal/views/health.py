"""Whether the portal answers and its database too: for the proxy and for monitoring."""

from flask import Blueprint
from sqlalchemy import text

from portal import db
from portal.web.guard import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def show() -> dict[str, str]:
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}
