"""Guardians come in; everybody goes out."""

from typing import Any

from flask import Blueprint, g, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import browser_session, htmx, presented_codes
from portal.db import Refused
from portal.forms.sign_ins import SignInForm
from portal.guard import public
from portal.language import gettext as _
from portal.models import AccountKind, Event, EventKind
from portal.next_page import next_page
from portal.permissions import Permission
from portal.security import client_address

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
    kept = presented_codes.kept()
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
    if presented_codes.kept():
        return url_for("redemptions.show")
    return next_page(url_for("families.show"))
