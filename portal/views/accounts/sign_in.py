"""Signing in and out, the page each person begins with, and the language of a browser."""

from typing import Any

from flask import g, has_request_context, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.db import Refused
from portal.forms.accounts import SignInForm, StaffSignInForm
from portal.models import Account, AccountKind, Event, EventKind
from portal.models.supports.caseload_reasons import sees_caseload_only
from portal.policy.permissions import Permission
from portal.text import language
from portal.text.language import gettext as _
from portal.views.blueprints import accounts as bp
from portal.web import browser_session, htmx, pending_codes
from portal.web.current_school import reaches_several
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.return_to import return_to


@bp.get("/")
@public
def home() -> Any:
    """Lead to where this person's work begins, or show strangers the way in."""
    if g.account is None:
        return htmx.render("accounts/home.html")
    sees_children = g.account.may(Permission.VIEW_CHILD)
    return redirect(url_for("families.index") if sees_children else start_page(g.account), code=303)


@bp.route("/sign-in", methods=["GET", "POST"])
@public(writes_itself=True)
def sign_in() -> Any:
    """Sign a guardian in."""
    if g.account and g.account.may(Permission.VIEW_CHILD):
        return htmx.redirect(_onward())
    form = SignInForm(email=session.get("email"))
    if form.validate_on_submit():
        try:
            browser_session.enter(AccountKind.GUARDIAN, form.email.data, form.password.data)
            return htmx.redirect(_onward())
        except Refused as refusal:
            form.refuse(refusal)
    kept = pending_codes.kept()
    return htmx.render("accounts/sign_in.html", form=form, kept=kept), form.status, form.headers


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """Sign this browser out."""
    was_staff = current_user.is_authenticated and current_user.account.is_staff
    if current_user.is_authenticated:
        Event.record(EventKind.SIGNED_OUT, by=current_user.account, address=client_address())
        current_user.end()
    browser_session.end()
    htmx.flash(_("You are signed out."))
    return htmx.redirect(url_for("accounts.sign_in_staff" if was_staff else "accounts.sign_in"))


def _onward() -> str:
    """Pending codes come first; then the page that asked for the sign-in."""
    if pending_codes.kept():
        return url_for("families.confirm_child")
    return return_to(url_for("families.index"))


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public(writes_itself=True)
def sign_in_staff() -> Any:
    """Sign a member of staff in; the second factor follows where it is required."""
    if g.account and request.method == "GET":
        return htmx.redirect(return_to(start_page(g.account)))
    form = StaffSignInForm()
    if form.validate_on_submit():
        try:
            account = browser_session.enter(AccountKind.STAFF, form.email.data, form.password.data)
            # The guard asks for a second factor on the way.
            return htmx.redirect(return_to(start_page(account)))
        except Refused as refusal:
            form.refuse(refusal)
    return htmx.render("accounts/sign_in_staff.html", "sign_in", form=form), form.status, form.headers


def start_page(account: Account) -> str:
    """Where work begins: the choice of a place where there is one, one's caseload, all students, or the network."""
    if reaches_several(account) and account.may(Permission.ENTER_SCHOOL):
        return url_for("schools.index")
    if not account.may(Permission.VIEW_STUDENT):
        return url_for("networks.show")
    return url_for("caseloads.show" if sees_caseload_only(account) else "students.index")


#: As their speakers call them.
NAMES = {"en": "English", "es": "Español"}


@bp.post("/language")
@public
def choose_language() -> Response:
    """Keep the chosen language, in the account or in this browser."""
    chosen = request.form.get("language", "")
    if chosen in language.LANGUAGES:
        session["language"] = chosen
        if g.account:
            g.account.language = chosen
    return htmx.redirect(return_to(url_for("accounts.home"), asked=request.args.get("next")))


@bp.app_context_processor
def choices() -> dict[str, Any]:
    """What layouts offer to choose from; nothing on pages of staff, which are in English."""
    if not has_request_context():  # a mail is written
        return {}
    account = g.get("account")
    if request.endpoint in language.STAFF_PAGES or (account and account.is_staff):
        return {"languages": (), "languages_action": ""}
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "languages": tuple(NAMES.items()),
        "languages_action": url_for("accounts.choose_language", next=here),
    }
