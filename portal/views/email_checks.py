"""An email is confirmed by who reads mail sent to it."""

from typing import Any

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response

from portal.crypto import signed_links
from portal.forms.form import Form
from portal.models.accounts.own_account import ask_to_confirm, confirm_email
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx
from portal.web.guard import requires

bp = Blueprint("email_checks", __name__)


@bp.post("/family/account/email/check")
@requires(Permission.VIEW_CHILD)
def create() -> Response:
    """Send the link again."""
    if g.account.email_verified_at is None:
        ask_to_confirm(g.account, g.account.email)
    htmx.tell(_("We sent a mail to %(email)s. Open the link in it.", email=g.account.email))
    return htmx.go_to(url_for("accounts.show"))


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD)
def update(token: str) -> Any:
    claims, form = signed_links.read(signed_links.EMAIL_CHECK, token), Form()
    if claims is None or claims["account"] != g.account.public_id:
        return htmx.render("email_checks/too_late.html", is_of_another=claims is not None), 410
    if form.validate_on_submit() and _confirm(form, claims["email"]):
        htmx.tell(_("Thank you. %(email)s is confirmed.", email=claims["email"]))
        return htmx.go_to(url_for("accounts.show"))
    return htmx.render("email_checks/update.html", form=form, email=claims["email"]), form.status


def _confirm(form: Form, email: str) -> bool:
    form.attempt(lambda: confirm_email(g.account, email))
    return not form.errors
