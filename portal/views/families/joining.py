"""A guardian enters codes, confirms the child, and makes an account or is paired with it."""

from collections.abc import Sequence

from flask import g, request, session, url_for

from portal.crypto import passwords
from portal.forms.families import DropForm, RedemptionForm, SignUpForm
from portal.models import Guardian, Pairing, SignIn, Student
from portal.models.codes.entered import schools_of
from portal.models.guardians import sign_up as signing_up
from portal.models.guardians.redemption import CANNOT_BE_USED, look_up, redeem, still_usable
from portal.models.guardians.sign_up import AccountKnown, Applicant
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.views.blueprints import families as bp
from portal.web import browser_session, htmx, language, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.htmx import Answer


@bp.route("/join", methods=["GET", "POST"])
@public
def enter_code() -> Answer:
    """Take access codes, and keep them for the next page."""
    form = RedemptionForm()
    if form.validate_on_submit() and form.attempt(lambda: _look_up(form.codes)):
        return htmx.redirect(url_for("families.confirm_child"))
    kept = pending_codes.kept()
    return htmx.render("families/enter_code.html", form=form, kept=kept), form.status, form.headers


@bp.get("/join/student")
@public
def confirm_child() -> Answer:
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
def add_child() -> Answer:
    """Pair the signed-in guardian with the children whose codes were entered."""
    guardian = _guardian()
    if guardian is None:
        return htmx.redirect(url_for("families.sign_up"))
    form = RedemptionForm(formdata=None)
    pairings = form.attempt(lambda: redeem(pending_codes.kept(), by=guardian, address=client_address()))
    if pairings is None:
        kept = pending_codes.kept()
        return htmx.render("families/enter_code.html", form=form, kept=kept), form.status, form.headers
    pending_codes.forget()
    _greet(pairings)
    return htmx.redirect(url_for("families.index"))


@bp.post("/join/drop")
@public
def drop_code() -> Answer:
    """Forget one of the codes entered."""
    form = DropForm()
    left = pending_codes.drop(form.mark.data or "")
    if left:
        return htmx.redirect(url_for("families.confirm_child"))
    htmx.flash(
        _("Nothing was connected. If the letter is for your child, ask the school for the right code.")
    )
    return htmx.redirect(url_for("families.index" if _guardian() else "families.enter_code"))


def _guardian() -> Guardian | None:
    """Return the guardian who is signed in. Staff in this browser count as strangers when they enter codes."""
    return g.account if g.account and g.account.may(Permission.ADD_CHILD) else None


def _look_up(codes: Sequence[str]) -> list[Student]:
    """Return the students of these codes, and keep the codes beside those that are already pending."""
    together = pending_codes.with_kept(codes)
    students = look_up(codes, by=_guardian(), address=client_address())
    pending_codes.keep(together)
    return students


def _greet(pairings: list[Pairing]) -> None:
    names = ", ".join(pairing.student.name for pairing in pairings)
    if names:
        htmx.flash(_("Connected: %(names)s.", names=names))


@bp.route("/join/account", methods=["GET", "POST"])
@public(writes_itself=True)
def sign_up() -> Answer:
    """Make a guardian's account and its first pairings, in one transaction (rule A7)."""
    if g.account and g.account.may(Permission.ADD_CHILD):
        return htmx.redirect(url_for("families.confirm_child"))
    kept = pending_codes.kept()
    form = SignUpForm(kept=kept, proof=request.args.get("proof", ""))
    if not (kept or form.proven_email or form.is_submitted()):
        return htmx.redirect(url_for("families.enter_code"))
    is_right = form.validate_on_submit() and form.accepts_password(_guessable(form, kept))
    if is_right and (onward := _sign_up(form, kept)):
        return htmx.redirect(url_for(onward))
    children = list(still_usable(pending_codes.kept(), by=None).values())
    page = htmx.render("families/sign_up.html", form=form, children=children)
    return page, form.status, form.headers


def _guessable(form: SignUpForm, kept: Sequence[str]) -> list[str]:
    """Return what others would try as the password."""
    looked_up = set(form.codes) & set(kept)  # of others, no answer before they are counted
    own = [form.email.data, form.given_name.data, form.family_name.data, form.full_name]
    return [*own, *schools_of(sorted(looked_up))]


def _sign_up(form: SignUpForm, kept: Sequence[str]) -> str | None:
    """Return the address to go on to; None if the form is shown again, with what is wrong or new in it."""
    if set(form.codes) <= set(kept):
        return _create_account(form)
    _look_up_first(form)
    return None


def _look_up_first(form: SignUpForm) -> None:
    """Show the masked child of a code typed only now on the form, which is then sent once more."""
    if form.attempt(lambda: look_up(form.codes, by=None, address=client_address())):
        pending_codes.keep(form.codes)
        form.ask_to_look_again()


def _create_account(form: SignUpForm) -> str | None:
    applicant = _applicant(form)
    try:
        made = form.attempt(lambda: _register(form.codes, applicant))
    except AccountKnown as known:
        pending_codes.keep(form.codes)
        session["email"] = applicant.email
        htmx.flash(str(known))
        return "accounts.sign_in"
    if not isinstance(made, SignIn):
        return made and "families.check_your_email"
    pending_codes.forget()
    browser_session.begin(made)
    htmx.flash(_("Welcome! Your account is ready."))
    return "families.index"


def _applicant(form: SignUpForm) -> Applicant:
    """Hashes the password: call it outside a write transaction."""
    return Applicant(
        email=form.email.data,
        given_name=form.given_name.data,
        family_name=form.family_name.data,
        password_hash=passwords.hash_password(form.password.data),
        language=language.chosen(),
        email_is_proven=form.proven_email is not None,
    )


def _register(codes: Sequence[str], applicant: Applicant) -> SignIn | Applicant:
    """Sign the new guardian up and in. Return the applicant if a mailed link has to prove the email first."""
    guardian = signing_up.sign_up(codes, applicant, address=client_address())
    if guardian is None:
        return applicant
    return SignIn.start(guardian, browser=request.user_agent.string, address=client_address())


@bp.get("/join/check-your-email")
@public
def check_your_email() -> Answer:
    """Say that the email must be confirmed before the account is made."""
    return htmx.render("families/check_your_email.html")
