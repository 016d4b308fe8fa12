"""A code is presented, the masked child is shown, and whoever is signed in is paired."""

from typing import Any

from flask import Blueprint, g, url_for

from portal.forms.redemptions import DropForm, RedemptionForm
from portal.models import Guardian, Pairing
from portal.models.accounts.throttle import TooManyTries
from portal.models.guardians.redemption import CANNOT_BE_USED, CodeRefused, look_up, redeem, still_usable
from portal.policy.permissions import Permission
from portal.text.language import gettext as _
from portal.web import htmx, pending_codes
from portal.web.guard import public
from portal.web.headers import client_address

bp = Blueprint("redemptions", __name__)


@bp.route("/join", methods=["GET", "POST"])
@public
def create() -> Any:
    form = RedemptionForm()
    if form.validate_on_submit() and _present(form):
        return htmx.go_to(url_for("redemptions.show"))
    kept = pending_codes.kept()
    return htmx.render("redemptions/create.html", form=form, kept=kept), form.status, form.headers


@bp.get("/join/student")
@public
def show() -> Any:
    kept = pending_codes.kept()
    children = still_usable(kept, by=_guardian())
    if len(children) < len(kept):
        pending_codes.keep(children)
        htmx.tell(str(CANNOT_BE_USED))
    if not children:
        return htmx.go_to(url_for("families.show" if _guardian() else "redemptions.create"))
    marked = [(pending_codes.mark_of(code), child) for code, child in children.items()]
    return htmx.render("redemptions/show.html", children=marked, form=RedemptionForm())


@bp.post("/join/student")
@public
def update() -> Any:
    guardian = _guardian()
    if guardian is None:
        return htmx.go_to(url_for("guardians.create"))
    try:
        pairings = redeem(pending_codes.kept(), by=guardian, address=client_address())
    except CodeRefused as refusal:
        return _start_again(refusal)
    pending_codes.forget()
    _greet(pairings)
    return htmx.go_to(url_for("families.show"))


@bp.post("/join/drop")
@public
def delete() -> Any:
    form = DropForm()
    left = pending_codes.drop(form.mark.data or "")
    if left:
        return htmx.go_to(url_for("redemptions.show"))
    htmx.tell(_("Nothing was connected. If the letter is for your child, ask the school for the right code."))
    return htmx.go_to(url_for("families.show" if _guardian() else "redemptions.create"))


def _guardian() -> Guardian | None:
    """Who is signed in as a guardian; staff in the same browser present codes as strangers do."""
    return g.account if g.account and g.account.may(Permission.ADD_CHILD) else None


def _present(form: RedemptionForm) -> bool:
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
    """A code ended while its child was on the screen; the others stay presented."""
    pending_codes.drop(pending_codes.mark_of(refusal.canonical))
    form = RedemptionForm(formdata=None)
    form.refuse(refusal, form.code)
    kept = pending_codes.kept()
    return htmx.render("redemptions/create.html", form=form, kept=kept), form.status


def _greet(pairings: list[Pairing]) -> None:
    names = ", ".join(pairing.student.name for pairing in pairings)
    if names:
        htmx.tell(_("Connected: %(names)s.", names=names))
