"""A guardian makes an account, with the code on the letter."""

from typing import Any

from flask import Blueprint, g, request, session, url_for

from portal import db
from portal.crypto import passwords
from portal.forms.guardians import SignUpForm
from portal.models import Guardian, SignIn
from portal.models.accounts.throttle import TooManyTries
from portal.models.guardians.redemption import CodeRefused, look_up, still_usable
from portal.models.guardians.sign_up import AccountKnown, Applicant, sign_up
from portal.policy.permissions import Permission
from portal.text import language
from portal.text.language import gettext as _
from portal.web import browser_session, htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address

bp = Blueprint("guardians", __name__)


@bp.route("/join/account", methods=["GET", "POST"])
@public(writes_itself=True)
def create() -> Any:
    if g.account and g.account.may(Permission.ADD_CHILD):
        return htmx.go_to(url_for("redemptions.show"))
    kept = pending_codes.kept()
    form = SignUpForm(kept=kept, proof=request.args.get("proof", ""))
    if not (kept or form.proven_email or form.is_submitted()):
        return htmx.go_to(url_for("redemptions.create"))
    answer = _sign_up(form) if form.validate_on_submit() and _is_acceptable(form) else None
    return answer or _page(form)


def _is_acceptable(form: SignUpForm) -> bool:
    looked_up = set(form.codes) & set(pending_codes.kept())  # of others, no answer before they are counted
    schools = [child.school.name for child in still_usable(sorted(looked_up), by=None).values()]
    return form.accepts_password(
        [form.email.data, form.given_name.data, form.family_name.data, form.full_name, *schools]
    )


def _sign_up(form: SignUpForm) -> Any:
    """Where to go on; None when the form is to be shown again, with what is wrong or new in it."""
    password_hash = passwords.hash_password(form.password.data)
    try:
        with db.writing():
            return _confirmed(form) and _welcome(form, _made(form, password_hash))
    except AccountKnown as refusal:
        pending_codes.keep(form.codes)
        session["email"] = form.email.data
        htmx.tell(str(refusal))
        return htmx.go_to(url_for("sign_ins.create"))
    except TooManyTries as refusal:
        form.refuse(refusal, form.code)


def _confirmed(form: SignUpForm) -> bool:
    """Whether the person has seen the masked child of every code; one typed only now is looked up first."""
    if set(form.codes) <= set(pending_codes.kept()):
        return True
    try:
        look_up(form.codes, by=None, address=client_address())
    except CodeRefused as refusal:
        form.refuse_code(refusal)
    else:
        pending_codes.keep(form.codes)
        form.ask_to_look_again()
    return False


def _made(form: SignUpForm, password_hash: str) -> Guardian | CodeRefused | None:
    applicant = Applicant(
        email=form.email.data,
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        password_hash=password_hash,
        language=language.chosen(),
        email_is_proven=form.proven_email is not None,
    )
    try:
        return sign_up(form.codes, applicant, address=client_address())
    except CodeRefused as refusal:  # returned: the try was counted, and that is to be kept
        return refusal


def _welcome(form: SignUpForm, made: Guardian | CodeRefused | None) -> Any:
    if isinstance(made, CodeRefused):
        pending_codes.drop(pending_codes.mark_of(made.canonical))
        form.refuse_code(made)
        return None
    if made is None:
        return htmx.go_to(url_for("sign_up_checks.show"))
    pending_codes.forget()
    browser_session.begin(SignIn.start(made, browser=request.user_agent.string, address=client_address()))
    htmx.tell(_("Welcome! Your account is ready."))
    return htmx.go_to(url_for("families.show"))


def _page(form: SignUpForm) -> Any:
    children = list(still_usable(pending_codes.kept(), by=None).values())
    return htmx.render("guardians/create.html", form=form, children=children), form.status, form.headers
