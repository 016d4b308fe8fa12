"""Something done for many students at once: planned, confirmed, and what became of each."""

from typing import Any

from flask import current_app, g, request, url_for

from portal import clock
from portal.db import Refused
from portal.documents.spreadsheets import sheet_of_codes
from portal.forms.codes import BatchForm, form_for
from portal.forms.selection import sent_selection
from portal.models import Batch
from portal.models.codes.bulk import make_codes
from portal.models.codes.export import export_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.students.filter import StudentFilter
from portal.policy.permissions import Permission
from portal.views.blueprints import bulk_codes as bp
from portal.views.codes.batch_acts import context_of, mailed, printed
from portal.web import downloads, htmx
from portal.web.guard import requires

#: Names of each outcome on the page of the whole batch; a page of one outcome has more.
SHOWN = 12


@bp.post("/portal-access/<any(enable, reset, export, letters, email):act>")
@requires(Permission.MANAGE_CODES)
def plan(act: str) -> Any:
    """Plan an act for the chosen students, and lead to the page that confirms it."""
    student_filter = StudentFilter.from_query(request.form)
    try:
        batch = Batch.plan(Act(act), sent_selection(student_filter), by=g.account)
    except Refused as refusal:
        htmx.flash(str(refusal), "warning")
        return htmx.redirect(url_for("bulk_codes.index", **student_filter.query))
    return htmx.redirect(url_for(".show", batch_id=batch.public_id))


@bp.get("/portal-access/batches/<batch_id>")
@requires(Permission.MANAGE_CODES, on=Batch)
def show(batch: Batch) -> Any:
    """Show what a batch would do, or what became of each student."""
    part = "mails" if batch.act == Act.EMAIL else "outcome"
    return htmx.render("bulk_codes/show.html", part, form=form_for(batch), **_context(batch))


@bp.post("/portal-access/batches/<batch_id>")
@requires(Permission.MANAGE_CODES, on=Batch, writes_itself=True)
def confirm(batch: Batch) -> Any:
    """Do what was planned: codes, a spreadsheet, letters or mail."""
    form = form_for(batch)
    if form.validate_on_submit() and form.confirm_password():
        return _ACTS[Act(batch.act)](batch, form)
    return htmx.render("bulk_codes/show.html", form=form, **_context(batch)), form.status, form.headers


def _made(batch: Batch, _form: BatchForm) -> Any:
    make_codes(batch, by=g.account)
    return htmx.redirect(url_for(".show", batch_id=batch.public_id))


def _exported(batch: Batch, _form: BatchForm) -> Any:
    """The file itself; when it was sent before, the page that says so."""
    students = export_codes(batch, by=g.account)
    if not students:
        return htmx.redirect(url_for(".show", batch_id=batch.public_id))
    address = current_app.extensions["settings"].address
    name = f"access-codes-{clock.today(students[0].time_zone).isoformat()}.csv"
    return downloads.send(sheet_of_codes(students, join_url=f"{address}/join"), name)


_ACTS = {
    Act.ENABLE: _made, Act.RESET: _made, Act.EXPORT: _exported, Act.LETTERS: printed, Act.EMAIL: mailed,
}  # fmt: skip


def _outcomes_in_order(batch: Batch) -> list[Outcome]:
    """What was done comes first; of a plan, the reasons why some are left out: there they can still be mended."""
    return sorted(Outcome, key=lambda outcome: outcome is Outcome.DONE and not batch.done_at)


def _context(batch: Batch) -> dict[str, Any]:
    """What the page says: totals, and the names of each outcome, or more of the one that the address asks for."""
    totals, asked = batch.totals(g.account), request.args.get("fate", "")
    outcomes = [
        outcome for outcome in _outcomes_in_order(batch) if outcome in totals and asked in ("", outcome)
    ]
    limit = {"limit": SHOWN} if not asked else {}
    after = request.args.get("after", "")[:22]
    students_by_outcome = {
        outcome: batch.students_with(outcome, by=g.account, after=after if asked else "", **limit)
        for outcome in outcomes
    }
    context = context_of(batch) | {
        "batch": batch,
        "totals": totals,
        "students_by_outcome": students_by_outcome,
        "asked": asked,
        "after": after,
    }
    return context | {"chosen": sum(totals.values()), "done": totals.get(Outcome.DONE, 0)}
