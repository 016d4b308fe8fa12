"""Staff come in."""

from typing import Any

from flask import Blueprint, g, request, url_for

from portal.db import Refused
from portal.forms.staff_sign_ins import StaffSignInForm
from portal.models import Account, AccountKind
from portal.models.supports.caseload_reasons import sees_caseload_only
from portal.policy.permissions import Permission
from portal.web import browser_session, htmx
from portal.web.current_school import reaches_several
from portal.web.guard import public
from portal.web.return_to import next_page

bp = Blueprint("staff_sign_ins", __name__)


@bp.route("/staff/sign-in", methods=["GET", "POST"])
@public(writes_itself=True)
def create() -> Any:
    if g.account and request.method == "GET":
        return htmx.go_to(next_page(start_page(g.account)))
    form = StaffSignInForm()
    if form.validate_on_submit():
        try:
            account = browser_session.enter(AccountKind.STAFF, form.email.data, form.password.data)
            return htmx.go_to(next_page(start_page(account)))  # the guard asks for a second factor on the way
        except Refused as refusal:
            form.refuse(refusal)
    return htmx.render("staff_sign_ins/create.html", "sign_in", form=form), form.status, form.headers


def start_page(account: Account) -> str:
    """Where work begins: the choice of a place where there is one, one's caseload, all students, or the network."""
    if reaches_several(account) and account.may(Permission.ENTER_SCHOOL):
        return url_for("schools.index")
    if not account.may(Permission.VIEW_STUDENT):
        return url_for("networks.show")
    return url_for("caseloads.show" if sees_caseload_only(account) else "students.index")
