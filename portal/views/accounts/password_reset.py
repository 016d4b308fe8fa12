"""A forgotten password, of families and of staff alike."""

from flask import request, session, url_for

from portal import db
from portal.crypto import passwords
from portal.forms.accounts import PasswordForgottenForm, PasswordResetForm
from portal.models import Account
from portal.models.accounts import password_reset
from portal.text.language import gettext as _
from portal.views.blueprints import accounts as bp
from portal.web import browser_session, htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.htmx import Answer


@bp.route("/password/forgotten", methods=["GET", "POST"])
@public
def forgot_password() -> Answer:
    """Mail a link for a new password, whether or not the email is known."""
    form = PasswordForgottenForm(email=session.get("email"))
    if form.validate_on_submit():
        password_reset.ask(form.email.data, codes=pending_codes.kept(), address=client_address())
        return htmx.redirect(url_for("accounts.reset_link_sent", kind=request.args.get("kind")))
    return htmx.render("accounts/forgot_password.html", form=form, sign_in=_sign_in_page()), form.status


@bp.get("/password/forgotten/sent")
@public
def reset_link_sent() -> Answer:
    """Say that a link was sent if the email is known."""
    return htmx.render("accounts/reset_link_sent.html", sign_in=_sign_in_page())


@bp.route("/password/reset/<token>", methods=["GET", "POST"])
@public(writes_itself=True)
def reset_password(token: str) -> Answer:
    """Set a new password with a mailed link; a used or old link says so."""
    account = password_reset.account_of(token)
    if account is None:
        return htmx.render("accounts/reset_link_too_late.html"), 410
    form = PasswordResetForm()
    if form.validate_on_submit() and form.accepts_password(account.guessable):
        return _reset(account, form)
    return htmx.render("accounts/reset_password.html", form=form, account=account), form.status


def _reset(account: Account, form: PasswordResetForm) -> Answer:
    epoch = account.password_epoch
    password_hash = passwords.hash_password(form.password.data)
    with db.writing():
        password_reset.reset(account, password_hash, epoch=epoch, address=client_address())
    browser_session.end(but=("codes",))
    session["email"] = account.email
    htmx.flash(_("Your new password is set. Sign in with it now."))
    return htmx.redirect(url_for("accounts.sign_in_staff" if account.is_staff else "accounts.sign_in"))


def _sign_in_page() -> str:
    is_staff = request.args.get("kind") == "staff"
    return url_for("accounts.sign_in_staff" if is_staff else "accounts.sign_in")
