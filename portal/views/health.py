"""Whether the portal and its database answer: an entry point for the proxy and for monitoring, apart from all pages."""

from flask import jsonify
from sqlalchemy import text

from portal import db
from portal.views.blueprints import health as bp
from portal.web.guard import public
from portal.web.htmx import Answer
from portal.web.lanes import Lane


@bp.get("/healthz")
@public(lane=Lane.HEALTH)
def show() -> Answer:
    """Say whether the portal and its database answer."""
    db.session.execute(text("SELECT 1"))
    return jsonify(status="ok")
