"""Signing out a browser that one is not sitting at."""

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from portal.models import Event, EventKind, SignIn
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import browser_session, htmx
from portal.web.guard import requires

bp = Blueprint("browsers", __name__, url_prefix="/family/account/browsers")


@bp.post("/<sign_in_id>")
@requires(Permission.MANAGE_OWN_ACCOUNT, on=SignIn)
def delete(sign_in: SignIn) -> Response:
    sign_in.end()
    Event.record(EventKind.SIGNED_OUT, by=g.account)
    if sign_in.id == g.sign_in.id:
        browser_session.end()
    htmx.tell(_("That browser is signed out."))
    return htmx.go_to(url_for("accounts.show"))
