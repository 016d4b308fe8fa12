"""The one door every request passes: who is asking, may they, and on which row."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, overload

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import db
from portal.db import Scoped
from portal.models import Account, SignIn, Student
from portal.models.students.finding import find_student
from portal.policy.permissions import GRANTS, GUARDIAN, Permission
from portal.policy.reach import Scopes, asked_by
from portal.web import browser_session, headers, htmx
from portal.web.htmx import Answer
from portal.web.lanes import Lane

#: What stands under a route; its arguments are those of the address.
View = Callable[..., Answer]

READS = frozenset({"GET", "HEAD", "OPTIONS"})


@overload
def public(view: View, *, writes_itself: bool = ..., lane: Lane | None = ...) -> View: ...
@overload
def public(*, writes_itself: bool = ..., lane: Lane | None = ...) -> Callable[[View], View]: ...
def public(
    view: View | None = None, *, writes_itself: bool = False, lane: Lane | None = None
) -> View | Callable[[View], View]:
    """Open a view to anyone: signing in, signing up and the health check are.

    With `writes_itself`, the view opens its write transaction itself, after what takes long: hashing a
    password, storing a file. `lane` is as for `requires`.
    """
    if view is None:
        return lambda view: public(view, writes_itself=writes_itself, lane=lane)

    @wraps(view)
    def opened(**url_args: Any) -> Answer:
        def enter() -> Answer:
            g.account = _recognise()
            return view(**url_args)

        return _in_transaction(enter, writes_itself=writes_itself)

    opened.guard = public  # type: ignore[attr-defined]
    opened.lane = lane or _lane(writes_itself=writes_itself)  # type: ignore[attr-defined]
    return opened


def requires(
    permission: Permission,
    *,
    on: type[Scoped] | None = None,
    writes_itself: bool = False,
    lane: Lane | None = None,
) -> Callable[[View], View]:
    """Let in accounts that hold `permission`.

    With `on`, the row named in the URL (`<string:student_id>` for Student) is looked up within the
    account's reach and handed to the view in place of its id: a row out of reach is simply not found.

    `lane` names the threads of the server that do it: where the view writes itself, those for hashing
    passwords, and those for short acts otherwise. A page with a form is read in the lane of pages.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**url_args: Any) -> Answer:
            return _in_transaction(
                lambda: _enter(view, permission, on, url_args), writes_itself=writes_itself
            )

        guarded.guard = permission  # type: ignore[attr-defined]
        guarded.guarded_row = on  # type: ignore[attr-defined]
        guarded.lane = lane or _lane(writes_itself=writes_itself)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _lane(*, writes_itself: bool) -> Lane | None:
    return Lane.PASSWORDS if writes_itself else None


def _enter(view: View, permission: Permission, on: type[Scoped] | None, url_args: dict[str, Any]) -> Answer:
    g.account = _recognise()
    if g.account is None:
        return _ask_to_sign_in(permission)
    if not g.account.may(permission):
        abort(403)
    if on is not None:
        url_args = _with_row(on, permission, url_args)
    return view(**url_args)


def _in_transaction(enter: Callable[[], Answer], *, writes_itself: bool) -> Answer:
    """Run the request's work: reading for GET, in one write transaction otherwise."""
    if request.method in READS or writes_itself:
        return enter()
    return db.retrying(enter)


def _with_row(model: type[Scoped], permission: Permission, url_args: dict[str, Any]) -> dict[str, Any]:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    scopes, asker = asked_by(g.account, permission)
    asked = asker | {"public_id": url_args.pop(f"{name}_id")}
    row: Any = find_student(scopes, asked) if model is Student else _find(model, scopes, asked)
    if row is None:
        abort(404)
    g.account.has_reached(row, permission)
    g.row = row
    return url_args | {name: row}


def _find(model: type[Scoped], scopes: Scopes, asked: dict[str, object]) -> Scoped | None:
    return db.session.scalar(model.with_public_id(scopes), asked)


def _ask_to_sign_in(permission: Permission) -> AnyResponse:
    """To the page where this person can go on: the second factor, or one of the two sign-in pages."""
    if g.half_signed_in:
        page = url_for("accounts.second_factor")
    else:
        endpoint = "accounts.sign_in" if permission in GRANTS[GUARDIAN] else "accounts.sign_in_staff"
        page = url_for(endpoint, next=_page_to_return_to())
    if htmx.wants_part():
        return Response(status=401, headers={"HX-Redirect": page})
    return redirect(page, code=303)


def _page_to_return_to() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and not htmx.wants_part() else None


def _recognise() -> Account | None:
    """Whose browser this is; None for strangers and for staff who still owe the second factor."""
    g.half_signed_in = None
    sign_in = browser_session.sign_in()
    if sign_in is None or not sign_in.account.may(Permission.SIGN_IN):
        return None
    if _owes_second_factor(sign_in):
        g.half_signed_in = db.session.merge(sign_in, load=False)
        return None
    sign_in.account.acting_from = headers.client_address()
    g.sign_in = sign_in  # as it was when this request came: the row may go before the answer is made
    return sign_in.account


def _owes_second_factor(sign_in: SignIn) -> bool:
    is_required = current_app.extensions["settings"].staff_second_factor == "required"
    return is_required and sign_in.account.is_staff and sign_in.second_factor_at is None


def init_app(app: Flask) -> None:
    browser_session.init_app(app)
    app.before_request(_refuse_unguarded_view)
    app.add_template_global(_may, "may")
    app.add_template_global(Permission, "Permission")
    app.context_processor(lambda: {"current_account": g.get("account")})


def _may(permission: Permission, on: Scoped | None = None) -> bool:
    return g.get("account") is not None and g.account.may(permission, on)


def _refuse_unguarded_view() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view and request.endpoint != "static" and not hasattr(view, "guard"):
        raise RuntimeError(f"{request.endpoint} declares neither @requires nor @public")
