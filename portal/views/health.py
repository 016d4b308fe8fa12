"""Whether the portal answers and its database too: for the proxy and for monitoring."""

from flask import jsonify
from sqlalchemy import text

from portal import db
from portal.views.blueprints import health as bp
from portal.web.guard import public
from portal.web.htmx import Answer


@bp.get("/healthz")
@public
def show() -> Answer:
    """Say whether the portal and its database answer."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
