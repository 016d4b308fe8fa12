"""Staff come in."""

from typing import Any

from flask import Blueprint, g, request, url_for
from werkzeug.wrappers import Response

from portal import browser_session, htmx
from portal.db import Refused
from portal.forms.staff_sign_ins import StaffSignInForm
from portal.guard import public
from portal.models import Account, AccountKind, SignIn
from portal.models.authentication import authenticate
from portal.next_page import next_page
from portal.permissions import Permission
from portal.security import client_address

bp = Blueprint("staff_sign_ins", __name__)


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public(hashes=True)
def create() -> Any:
    if g.account and request.method == "GET":
        return htmx.go_to(next_page(start_page(g.account)))
    form = StaffSignInForm()
    if form.validate_on_submit():
        try:
            return _enter(_authenticated(form))
        except Refused as refusal:
            form.refuse(refusal)
    return htmx.render("staff_sign_ins/create.html", "sign_in", form=form), form.status, form.headers


def start_page(account: Account) -> str:
    """Where work begins: with students for those who see any, else with the network."""
    sees_students = account.may(Permission.VIEW_STUDENT)
    return url_for("students.index" if sees_students else "networks.show")


def _authenticated(form: StaffSignInForm) -> SignIn:
    return authenticate(
        AccountKind.STAFF,
        form.email.data,
        form.password.data,
        address=client_address(),
        browser=request.user_agent.string,
    )


def _enter(sign_in: SignIn) -> Response:
    """A new session; where the second factor is owed, the guard asks for it on the way."""
    browser_session.begin(sign_in)
    return htmx.go_to(next_page(start_page(sign_in.account)))
