"""A guardian's own account: what it is, email, password, browsers, closing it."""

from typing import Any

from flask import g, url_for
from werkzeug.wrappers import Response

from portal import db
from portal.crypto import passwords, signed_links
from portal.forms.accounts import ClosingForm, EmailForm, PasswordForm
from portal.forms.base import Form
from portal.models import Event, EventKind, SignIn
from portal.models.accounts import own_account
from portal.models.accounts.throttle import TooManyTries
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import accounts as bp
from portal.web import browser_session, htmx
from portal.web.guard import requires
from portal.web.headers import client_address


@bp.get("/family/account")
@requires(Permission.VIEW_CHILD)
def show() -> str:
    """Show one's own account: name, email, password, signed-in browsers."""
    own = SignIn.visible_to(g.account, Permission.MANAGE_OWN_ACCOUNT).order_by(SignIn.last_seen_at.desc())
    return htmx.render("accounts/show.html", sign_ins=db.session.scalars(own).all(), here=g.sign_in)


@bp.route("/family/account/deletion", methods=["GET", "POST"])
@requires(Permission.LEAVE_CHILD, writes_itself=True)
def close() -> Any:
    """Say what closing the account means, and close it."""
    form = ClosingForm()
    if form.validate_on_submit() and _may_close(form):
        with db.writing():
            own_account.close(g.account)
        browser_session.end()
        htmx.flash(_("Your account is deleted."))
        return htmx.redirect(url_for("accounts.home"))
    return htmx.render("accounts/close.html", form=form), form.status, form.headers


def _may_close(form: ClosingForm) -> bool:
    try:
        form.check_current(own_account.knows_password(g.account, form.current.data, address=client_address()))
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors


@bp.post("/family/account/browsers/<sign_in_id>")
@requires(Permission.MANAGE_OWN_ACCOUNT, on=SignIn)
def sign_out_browser(sign_in: SignIn) -> Response:
    """Sign out another browser of this account."""
    sign_in.end()
    Event.record(EventKind.SIGNED_OUT, by=g.account)
    if sign_in.id == g.sign_in.id:
        browser_session.end()
    htmx.flash(_("That browser is signed out."))
    return htmx.redirect(url_for("accounts.show"))


@bp.route("/family/account/email", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def change_email() -> Any:
    """Take a new email, and mail a link to it; it counts once that is opened."""
    form = EmailForm()
    if form.validate_on_submit() and _is_asked(form):
        htmx.flash(_("We sent a mail to %(email)s. Open the link in it.", email=form.email.data))
        return htmx.redirect(url_for("accounts.show"))
    return htmx.render("accounts/change_email.html", form=form), form.status, form.headers


def _is_asked(form: EmailForm) -> bool:
    try:
        form.check_current(own_account.knows_password(g.account, form.current.data, address=client_address()))
        if not form.errors:
            with db.writing():
                own_account.ask_to_confirm(g.account, form.email.data)
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors


@bp.post("/family/account/email/check")
@requires(Permission.VIEW_CHILD)
def ask_to_confirm_email() -> Response:
    """Send the link again."""
    if g.account.email_verified_at is None:
        own_account.ask_to_confirm(g.account, g.account.email)
    htmx.flash(_("We sent a mail to %(email)s. Open the link in it.", email=g.account.email))
    return htmx.redirect(url_for("accounts.show"))


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD)
def confirm_email(token: str) -> Any:
    """Confirm the email that a mailed link is about; a used or old link says so."""
    claims, form = signed_links.read(signed_links.EMAIL_CHECK, token), Form()
    if claims is None or claims["account"] != g.account.public_id:
        return htmx.render("accounts/email_link_too_late.html", is_of_another=claims is not None), 410
    if form.validate_on_submit() and _confirm(form, claims["email"]):
        htmx.flash(_("Thank you. %(email)s is confirmed.", email=claims["email"]))
        return htmx.redirect(url_for("accounts.show"))
    return htmx.render("accounts/confirm_email.html", form=form, email=claims["email"]), form.status


def _confirm(form: Form, email: str) -> bool:
    form.attempt(lambda: own_account.confirm_email(g.account, email))
    return not form.errors


@bp.route("/family/account/password", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def change_password() -> Any:
    """Set a new password, and sign out every other browser."""
    form = PasswordForm()
    if form.validate_on_submit() and _may_change(form):
        return _change(form)
    return htmx.render("accounts/change_password.html", form=form), form.status, form.headers


def _may_change(form: PasswordForm) -> bool:
    try:
        form.check_current(own_account.knows_password(g.account, form.current.data, address=client_address()))
    except TooManyTries as refusal:
        form.refuse(refusal)
    return not form.errors and form.accepts_password(g.account.guessable)


def _change(form: PasswordForm) -> Response:
    epoch = g.account.password_epoch
    password_hash = passwords.hash_password(form.password.data)
    with db.writing():
        own_account.set_password(g.account, password_hash, epoch=epoch, but=g.sign_in)
    htmx.flash(_("Your password is changed. Other browsers are signed out."))
    return htmx.redirect(url_for("accounts.show"))
