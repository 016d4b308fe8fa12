"""A guardian enters codes, confirms the child, and makes an account or is paired with it."""

from typing import Any

from flask import g, request, session, url_for

from portal import db
from portal.crypto import passwords
from portal.forms.families import DropForm, RedemptionForm, SignUpForm
from portal.models import Guardian, Pairing, SignIn
from portal.models.accounts.throttle import TooManyTries
from portal.models.guardians import sign_up as signing_up
from portal.models.guardians.redemption import CANNOT_BE_USED, CodeRefused, look_up, redeem, still_usable
from portal.models.guardians.sign_up import AccountKnown, Applicant
from portal.policy.permissions import Permission
from portal.text import language
from portal.text.language import gettext as _
from portal.views.blueprints import families as bp
from portal.web import browser_session, htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address


@bp.route("/join", methods=["GET", "POST"])
@public
def enter_code() -> Any:
    """Take access codes, and keep them for the next page."""
    form = RedemptionForm()
    if form.validate_on_submit() and _keep(form):
        return htmx.redirect(url_for("families.confirm_child"))
    kept = pending_codes.kept()
    return htmx.render("families/enter_code.html", form=form, kept=kept), form.status, form.headers


@bp.get("/join/student")
@public
def confirm_child() -> Any:
    """Show the masked child, and ask whether it is theirs (rule A9)."""
    kept = pending_codes.kept()
    children = still_usable(kept, by=_guardian())
    if len(children) < len(kept):
        pending_codes.keep(children)
        htmx.flash(str(CANNOT_BE_USED))
    if not children:
        return htmx.redirect(url_for("families.index" if _guardian() else "families.enter_code"))
    marked = [(pending_codes.mark_of(code), child) for code, child in children.items()]
    return htmx.render("families/confirm_child.html", children=marked, form=RedemptionForm())


@bp.post("/join/student")
@public
def add_child() -> Any:
    """Pair the signed-in guardian with the children whose codes were entered."""
    guardian = _guardian()
    if guardian is None:
        return htmx.redirect(url_for("families.sign_up"))
    try:
        pairings = redeem(pending_codes.kept(), by=guardian, address=client_address())
    except CodeRefused as refusal:
        return _start_again(refusal)
    pending_codes.forget()
    _greet(pairings)
    return htmx.redirect(url_for("families.index"))


@bp.post("/join/drop")
@public
def drop_code() -> Any:
    """Forget one of the codes entered."""
    form = DropForm()
    left = pending_codes.drop(form.mark.data or "")
    if left:
        return htmx.redirect(url_for("families.confirm_child"))
    sentence = _("Nothing was connected. If the letter is for your child, ask the school for the right code.")
    htmx.flash(sentence)
    return htmx.redirect(url_for("families.index" if _guardian() else "families.enter_code"))


def _guardian() -> Guardian | None:
    """Who is signed in as a guardian; staff in the same browser present codes as strangers do."""
    return g.account if g.account and g.account.may(Permission.ADD_CHILD) else None


def _keep(form: RedemptionForm) -> bool:
    try:
        together = pending_codes.with_kept(form.codes)
        look_up(form.codes, by=_guardian(), address=client_address())
    except CodeRefused as refusal:
        form.refuse_code(refusal)
    except (pending_codes.TooMany, TooManyTries) as refusal:
        form.refuse(refusal, form.code)
    else:
        pending_codes.keep(together)
    return not form.errors


def _start_again(refusal: CodeRefused) -> tuple[str, int]:
    """A code ended while its child was on the screen; the others stay pending."""
    pending_codes.drop(pending_codes.mark_of(refusal.canonical))
    form = RedemptionForm(formdata=None)
    form.refuse(refusal, form.code)
    kept = pending_codes.kept()
    return htmx.render("families/enter_code.html", form=form, kept=kept), form.status


def _greet(pairings: list[Pairing]) -> None:
    names = ", ".join(pairing.student.name for pairing in pairings)
    if names:
        htmx.flash(_("Connected: %(names)s.", names=names))


@bp.route("/join/account", methods=["GET", "POST"])
@public(writes_itself=True)
def sign_up() -> Any:
    """Make a guardian's account and its first pairings, in one transaction (rule A7)."""
    if g.account and g.account.may(Permission.ADD_CHILD):
        return htmx.redirect(url_for("families.confirm_child"))
    kept = pending_codes.kept()
    form = SignUpForm(kept=kept, proof=request.args.get("proof", ""))
    if not (kept or form.proven_email or form.is_submitted()):
        return htmx.redirect(url_for("families.enter_code"))
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
        htmx.flash(str(refusal))
        return htmx.redirect(url_for("accounts.sign_in"))
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
        return signing_up.sign_up(form.codes, applicant, address=client_address())
    except CodeRefused as refusal:  # returned: the try was counted, and that is to be kept
        return refusal


def _welcome(form: SignUpForm, made: Guardian | CodeRefused | None) -> Any:
    if isinstance(made, CodeRefused):
        pending_codes.drop(pending_codes.mark_of(made.canonical))
        form.refuse_code(made)
        return None
    if made is None:
        return htmx.redirect(url_for("families.check_your_email"))
    pending_codes.forget()
    browser_session.begin(SignIn.start(made, browser=request.user_agent.string, address=client_address()))
    htmx.flash(_("Welcome! Your account is ready."))
    return htmx.redirect(url_for("families.index"))


def _page(form: SignUpForm) -> Any:
    children = list(still_usable(pending_codes.kept(), by=None).values())
    return htmx.render("families/sign_up.html", form=form, children=children), form.status, form.headers


@bp.get("/join/check-your-email")
@public
def check_your_email() -> str:
    """Say that the email must be confirmed before the account is made."""
    return htmx.render("families/check_your_email.html")
