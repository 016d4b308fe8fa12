"""The language in which the reader wants the pages."""

from typing import Any

from flask import Blueprint, g, has_request_context, request, session, url_for
from werkzeug.wrappers import Response

from portal.text import language
from portal.web import htmx
from portal.web.guard import public
from portal.web.return_to import next_page

bp = Blueprint("languages", __name__)

#: As their speakers call them.
NAMES = {"en": "English", "es": "Español"}


@bp.post("/language")
@public
def update() -> Response:
    chosen = request.form.get("language", "")
    if chosen in language.LANGUAGES:
        session["language"] = chosen
        if g.account:
            g.account.language = chosen
    return htmx.go_to(next_page(url_for("home.show"), asked=request.args.get("next")))


@bp.app_context_processor
def choices() -> dict[str, Any]:
    """What layouts offer to choose from; nothing on pages of staff, which are in English."""
    if not has_request_context():  # a mail is written
        return {}
    account = g.get("account")
    if request.blueprint in language.STAFF_PAGES or (account and account.is_staff):
        return {"languages": (), "languages_action": ""}
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "languages": tuple(NAMES.items()),
        "languages_action": url_for("languages.update", next=here),
    }
