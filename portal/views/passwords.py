"""A new password for one's own account."""

from typing import Any

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from portal import db
from portal.crypto import passwords
from portal.forms.accounts import PasswordForm
from portal.models.accounts.own_account import knows_password, set_password
from portal.models.accounts.throttle import TooManyTries
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires
from portal.web.headers import client_address

bp = Blueprint("passwords", __name__, url_prefix="/family/account/password")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def update() -> Any:
    form = PasswordForm()
    if form.validate_on_submit() and _may_change(form):
        return _change(form)
    return htmx.render("passwords/update.html", form=form), form.status, form.headers


def _may_change(form: PasswordForm) -> bool:
    try:
        form.check_current(knows_password(g.account, form.current.data, address=client_address()))
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors and form.accepts_password(g.account.guessable)


def _change(form: PasswordForm) -> Response:
    epoch = g.account.password_epoch
    password_hash = passwords.hash_password(form.password.data)
    with db.writing():
        set_password(g.account, password_hash, epoch=epoch, but=g.sign_in)
    htmx.tell(_("Your password is changed. Other browsers are signed out."))
    return htmx.go_to(url_for("accounts.show"))
