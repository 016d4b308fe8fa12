"""Signing in and out, the page each person begins with, and the language of a browser."""

from typing import Any

from flask import g, has_request_context, redirect, request, session, url_for

from portal.forms.accounts import SignInForm, StaffSignInForm
from portal.models import Account, AccountKind, Event, EventKind
from portal.policy.permissions import Permission
from portal.text.language import LANGUAGES
from portal.text.language import gettext as _
from portal.views.blueprints import accounts as bp
from portal.web import browser_session, htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.htmx import Answer
from portal.web.language import STAFF_PAGES
from portal.web.navigation import return_to, start_page


@bp.get("/")
@public
def home() -> Answer:
    """Lead to where this person's work begins, or show strangers the way in."""
    if g.account is None:
        return htmx.render("accounts/home.html")
    sees_children = g.account.may(Permission.VIEW_CHILD)
    return redirect(url_for("families.index") if sees_children else start_page(g.account), code=303)


@bp.route("/sign-in", methods=["GET", "POST"])
@public(writes_itself=True)
def sign_in() -> Answer:
    """Sign a guardian in."""
    if g.account and g.account.may(Permission.VIEW_CHILD):
        return htmx.redirect(_onward())
    form = SignInForm(email=session.get("email"))
    if form.validate_on_submit() and _enter(AccountKind.GUARDIAN, form):
        return htmx.redirect(_onward())
    kept = pending_codes.kept()
    return htmx.render("accounts/sign_in.html", form=form, kept=kept), form.status, form.headers


@bp.post("/sign-out")
@public
def sign_out() -> Answer:
    """Sign this browser out."""
    sign_in = browser_session.sign_in()
    was_staff = sign_in is not None and sign_in.account.is_staff
    if sign_in:
        Event.record(EventKind.SIGNED_OUT, by=sign_in.account, address=client_address())
        sign_in.end()
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
def sign_in_staff() -> Answer:
    """Sign a member of staff in; the second factor follows where it is required."""
    if g.account and request.method == "GET":
        return htmx.redirect(return_to(start_page(g.account)))
    form = StaffSignInForm()
    if form.validate_on_submit() and (account := _enter(AccountKind.STAFF, form)):
        return htmx.redirect(return_to(start_page(account)))  # the guard asks for a second factor there
    return htmx.render("accounts/sign_in_staff.html", "sign_in", form=form), form.status, form.headers


def _enter(kind: AccountKind, form: SignInForm | StaffSignInForm) -> Account | None:
    """Sign this browser in, and return the account."""
    email, password = form.email.data, form.password.data
    return form.attempt(lambda: browser_session.enter(kind, email, password), writes_itself=True)


#: As their speakers call them.
NAMES = {"en": "English", "es": "Español"}


@bp.post("/language")
@public
def choose_language() -> Answer:
    """Keep the chosen language, in the account or in this browser."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if g.account:
            g.account.language = chosen
    return htmx.redirect(return_to(url_for("accounts.home"), asked=request.args.get("next")))


@bp.app_context_processor
def choices() -> dict[str, Any]:
    """Return the languages that layouts offer; none on pages of staff, which are in English."""
    if not has_request_context():  # a mail is written
        return {}
    account = g.get("account")
    if request.endpoint in STAFF_PAGES or (account and account.is_staff):
        return {"languages": (), "languages_action": ""}
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "languages": tuple(NAMES.items()),
        "languages_action": url_for("accounts.choose_language", next=here),
    }
