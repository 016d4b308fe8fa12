"""A guardian's own account: what it is, email, password, browsers, closing it."""

from flask import g, url_for

from portal import db
from portal.crypto import passwords, signed_links
from portal.forms.accounts import ClosingForm, EmailForm, PasswordForm
from portal.forms.base import Form
from portal.models import Event, EventKind, SignIn
from portal.models.accounts import own_account
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import accounts as bp
from portal.web import browser_session, htmx
from portal.web.guard import requires
from portal.web.htmx import Answer


@bp.get("/family/account")
@requires(Permission.VIEW_CHILD)
def show() -> Answer:
    """Show one's own account: name, email, password, signed-in browsers."""
    own = SignIn.visible_to(g.account, Permission.MANAGE_OWN_ACCOUNT).order_by(SignIn.last_seen_at.desc())
    return htmx.render("accounts/show.html", sign_ins=db.session.scalars(own).all(), here=g.sign_in)


@bp.route("/family/account/deletion", methods=["GET", "POST"])
@requires(Permission.LEAVE_CHILD, writes_itself=True)
def close() -> Answer:
    """Say what closing the account means, and close it."""
    form = ClosingForm()
    if (
        form.validate_on_submit()
        and form.confirm_current()
        and form.attempt(lambda: own_account.close(g.account))
    ):
        browser_session.end()
        htmx.flash(_("Your account is deleted."))
        return htmx.redirect(url_for("accounts.home"))
    return htmx.render("accounts/close.html", form=form), form.status, form.headers


@bp.post("/family/account/browsers/<sign_in_id>")
@requires(Permission.MANAGE_OWN_ACCOUNT, on=SignIn)
def sign_out_browser(sign_in: SignIn) -> Answer:
    """Sign out another browser of this account."""
    sign_in.end()
    Event.record(EventKind.SIGNED_OUT, by=g.account)
    if sign_in.id == g.sign_in.id:
        browser_session.end()
    htmx.flash(_("That browser is signed out."))
    return htmx.redirect(url_for("accounts.show"))


@bp.route("/family/account/email", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def change_email() -> Answer:
    """Take a new email, and mail a link to it; it counts once that is opened."""
    form = EmailForm()
    email = form.email.data
    if (
        form.validate_on_submit()
        and form.confirm_current()
        and form.attempt(lambda: own_account.ask_to_confirm(g.account, email))
    ):
        htmx.flash(_("We sent a mail to %(email)s. Open the link in it.", email=email))
        return htmx.redirect(url_for("accounts.show"))
    return htmx.render("accounts/change_email.html", form=form), form.status, form.headers


@bp.post("/family/account/email/check")
@requires(Permission.VIEW_CHILD)
def ask_to_confirm_email() -> Answer:
    """Send the link again."""
    if g.account.email_verified_at is None:
        own_account.ask_to_confirm(g.account, g.account.email)
    htmx.flash(_("We sent a mail to %(email)s. Open the link in it.", email=g.account.email))
    return htmx.redirect(url_for("accounts.show"))


@bp.route("/email/confirm/<token>", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD)
def confirm_email(token: str) -> Answer:
    """Confirm the email that a mailed link is about; a used or old link says so."""
    claims = signed_links.read(signed_links.EMAIL_CHECK, token)
    form = Form()
    if claims is None or claims["account"] != g.account.public_id:
        return htmx.render("accounts/email_link_too_late.html", is_of_another=claims is not None), 410
    email = claims["email"]
    if form.validate_on_submit() and form.attempt(lambda: own_account.confirm_email(g.account, email)):
        htmx.flash(_("Thank you. %(email)s is confirmed.", email=email))
        return htmx.redirect(url_for("accounts.show"))
    return htmx.render("accounts/confirm_email.html", form=form, email=email), form.status


@bp.route("/family/account/password", methods=["GET", "POST"])
@requires(Permission.VIEW_CHILD, writes_itself=True)
def change_password() -> Answer:
    """Set a new password, and sign out every other browser."""
    form = PasswordForm()
    if form.validate_on_submit() and form.confirm_current() and form.accepts_password(g.account.guessable):
        return _change(form)
    return htmx.render("accounts/change_password.html", form=form), form.status, form.headers


def _change(form: PasswordForm) -> Answer:
    epoch = g.account.password_epoch
    password_hash = passwords.hash_password(form.password.data)
    with db.writing():
        own_account.set_password(g.account, password_hash, epoch=epoch, but=g.sign_in)
    htmx.flash(_("Your password is changed. Other browsers are signed out."))
    return htmx.redirect(url_for("accounts.show"))
