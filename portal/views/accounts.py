"""One's own account: what it is, and closing it."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.forms.accounts import ClosingForm
from portal.models import SignIn
from portal.models.accounts.own_account import close, knows_password
from portal.models.accounts.throttle import TooManyTries
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import browser_session, htmx
from portal.web.guard import requires
from portal.web.headers import client_address

bp = Blueprint("accounts", __name__, url_prefix="/family/account")


@bp.get("")
@requires(Permission.VIEW_CHILD)
def show() -> str:
    own = SignIn.visible_to(g.account, Permission.MANAGE_OWN_ACCOUNT).order_by(SignIn.last_seen_at.desc())
    return htmx.render("accounts/show.html", sign_ins=db.session.scalars(own).all(), here=g.sign_in)


@bp.route("/deletion", methods=["GET", "POST"])
@requires(Permission.LEAVE_CHILD, writes_itself=True)
def delete() -> Any:
    form = ClosingForm()
    if form.validate_on_submit() and _may_close(form):
        with db.writing():
            close(g.account)
        browser_session.end()
        htmx.tell(_("Your account is deleted."))
        return htmx.go_to(url_for("home.show"))
    return htmx.render("accounts/delete.html", form=form), form.status, form.headers


def _may_close(form: ClosingForm) -> bool:
    try:
        form.check_current(knows_password(g.account, form.current.data, address=client_address()))
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors
