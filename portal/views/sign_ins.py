"""Guardians come in; everybody goes out."""

from typing import Any

from flask import Blueprint, g, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.db import Refused
from portal.forms.sign_ins import SignInForm
from portal.models import AccountKind, Event, EventKind
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import browser_session, htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.return_to import next_page

bp = Blueprint("sign_ins", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public(writes_itself=True)
def create() -> Any:
    if g.account and g.account.may(Permission.VIEW_CHILD):
        return htmx.go_to(_onward())
    form = SignInForm(email=session.get("email"))
    if form.validate_on_submit():
        try:
            browser_session.enter(AccountKind.GUARDIAN, form.email.data, form.password.data)
            return htmx.go_to(_onward())
        except Refused as refusal:
            form.refuse(refusal)
    kept = pending_codes.kept()
    return htmx.render("sign_ins/create.html", form=form, kept=kept), form.status, form.headers


@bp.post("/sign-out")
@public
def delete() -> Response:
    was_staff = current_user.is_authenticated and current_user.account.is_staff
    if current_user.is_authenticated:
        Event.record(EventKind.SIGNED_OUT, by=current_user.account, address=client_address())
        current_user.end()
    browser_session.end()
    htmx.tell(_("You are signed out."))
    return htmx.go_to(url_for("staff_sign_ins.create" if was_staff else "sign_ins.create"))


def _onward() -> str:
    """Codes that were presented before come first; then the page that asked for the sign-in."""
    if pending_codes.kept():
        return url_for("redemptions.show")
    return next_page(url_for("families.show"))
