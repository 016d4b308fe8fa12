"""A new email for one's own account; it counts once the link mailed to it was opened."""

from typing import Any

from flask import Blueprint, g, url_for

from portal import db
from portal.forms.accounts import EmailForm
from portal.models.accounts.own_account import ask_to_confirm, knows_password
from portal.models.accounts.throttle import TooManyTries
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires
from portal.web.headers import client_address

bp = Blueprint("emails", __name__, url_prefix="/family/account/email")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def update() -> Any:
    form = EmailForm()
    if form.validate_on_submit() and _is_asked(form):
        htmx.tell(_("We sent a mail to %(email)s. Open the link in it.", email=form.email.data))
        return htmx.go_to(url_for("accounts.show"))
    return htmx.render("emails/update.html", form=form), form.status, form.headers


def _is_asked(form: EmailForm) -> bool:
    try:
        form.check_current(knows_password(g.account, form.current.data, address=client_address()))
        if not form.errors:
            with db.writing():
                ask_to_confirm(g.account, form.email.data)
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors
