"""The second step of signing in: asked each time, set up the first time."""

import base64

from flask import abort, g, session, url_for

from portal.crypto import keys
from portal.documents.pdf.qr_code import qr_image
from portal.forms.accounts import SecondFactorForm, SetUpForm
from portal.models import SignIn
from portal.models.accounts import second_factor as factors
from portal.views.blueprints import accounts as bp
from portal.web import htmx
from portal.web.guard import public
from portal.web.headers import client_address
from portal.web.htmx import Answer
from portal.web.navigation import return_to, start_page

#: Names the key under which a secret that is not confirmed yet is sealed into the session cookie.
PURPOSE = "totp-offered-v1"


@bp.get("/staff/second-factor")
@public
def second_factor() -> Answer:
    """Ask for the second factor."""
    sign_in = _half_signed_in(has_factor=True)
    return htmx.render("accounts/second_factor.html", form=SecondFactorForm(), sign_in=sign_in)


@bp.post("/staff/second-factor")
@public
def check_second_factor() -> Answer:
    """Accept the digits or a recovery code, and finish signing in."""
    sign_in = _half_signed_in(has_factor=True)
    form = SecondFactorForm()
    if form.validate_on_submit() and form.confirm(sign_in):
        return htmx.redirect(return_to(start_page(sign_in.account)))
    page = htmx.render("accounts/second_factor.html", form=form, sign_in=sign_in)
    return page, form.status, form.headers


@bp.route("/staff/second-factor/new", methods=["GET", "POST"])
@public
def set_up_second_factor() -> Answer:
    """Set up the second factor, and show the recovery codes once."""
    sign_in = _half_signed_in(has_factor=False)
    form = SetUpForm()
    secret = _offered_secret(sign_in)
    if form.validate_on_submit() and (codes := _set_up(sign_in, secret, form)):
        session.pop("totp", None)
        onward = return_to(start_page(sign_in.account))
        return htmx.render("accounts/recovery_codes.html", codes=codes, onward=onward)
    image = qr_image(factors.app_address(sign_in.account, secret))
    page = htmx.render("accounts/set_up_second_factor.html", form=form, secret=secret, image=image)
    return page, form.status


def _half_signed_in(*, has_factor: bool) -> SignIn:
    """Return the sign-in that lacks its second step. Redirect anybody else to their own page."""
    sign_in: SignIn | None = g.half_signed_in
    if sign_in is None:
        abort(htmx.redirect(start_page(g.account) if g.account else url_for("accounts.sign_in_staff")))
    if (sign_in.account.totp_sealed is not None) != has_factor:  # type: ignore[attr-defined]
        step = "set_up_second_factor" if has_factor else "second_factor"
        abort(htmx.redirect(url_for(f"accounts.{step}", next=return_to("") or None)))
    return sign_in


def _set_up(sign_in: SignIn, secret: str, form: SetUpForm) -> list[str] | None:
    """Set the second factor up if the digits show that the app has the secret. Return the recovery codes."""
    digits = form.digits.data
    return form.attempt(
        lambda: factors.set_up(sign_in, secret, digits, address=client_address()), at=form.digits
    )


def _offered_secret(sign_in: SignIn) -> str:
    """Return the secret that this browser was shown. It is kept until confirmed, so that a reload shows it again."""
    owner = sign_in.account.public_id
    try:
        return keys.open_sealed(base64.b64decode(session["totp"]), purpose=PURPOSE, owner=owner)
    except (KeyError, ValueError, keys.KeysError):
        secret = factors.new_secret()
        session["totp"] = base64.b64encode(keys.seal(secret, purpose=PURPOSE, owner=owner)).decode()
        return secret
