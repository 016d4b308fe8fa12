"""Something done for many students at once: planned, confirmed, and what became of each."""

from typing import Any

from flask import current_app, g, request, url_for

from portal import clock
from portal.documents.spreadsheets import sheet_of_codes
from portal.forms.codes import BatchForm, form_for
from portal.forms.selection import answer_for_chosen
from portal.mail.batch import plan_of
from portal.models import Batch, Job
from portal.models.codes.bulk import make_codes
from portal.models.codes.export import export_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.letters.batch import outline_of
from portal.models.mail.batch import mail_families, result_of
from portal.models.students.filter import StudentFilter
from portal.policy.permissions import Permission
from portal.views.blueprints import bulk_codes as bp
from portal.web import downloads, htmx
from portal.web.guard import requires
from portal.web.htmx import Answer
from portal.web.lanes import Lane
from portal.worker import letters

#: Names of each outcome on the page of the whole batch; a page of one outcome has more.
SHOWN = 12


@bp.post("/portal-access/<any(enable, reset, export, letters, email):act>")
@requires(Permission.MANAGE_CODES)
def plan(act: str) -> Answer:
    """Plan an act for the chosen students, and lead to the page that confirms it."""
    student_filter = StudentFilter.from_query(request.form)
    back = url_for("bulk_codes.index", **student_filter.query)
    return answer_for_chosen(
        student_filter, lambda chosen: _page_of(Batch.plan(Act(act), chosen, by=g.account)), back=back
    )


def _page_of(batch: Batch) -> Answer:
    return htmx.redirect(url_for("bulk_codes.show", batch_id=batch.public_id))


@bp.get("/portal-access/batches/<batch_id>")
@requires(Permission.MANAGE_CODES, on=Batch)
def show(batch: Batch) -> Answer:
    """Show what a batch would do, or what became of each student."""
    part = "mails" if batch.act == Act.EMAIL else "outcome"
    return htmx.render("bulk_codes/show.html", part, form=form_for(batch), **_context(batch))


def _context(batch: Batch) -> dict[str, Any]:
    """Return what the page shows: totals, and names of each outcome, or more of the one that the address names."""
    totals = batch.totals(g.account)
    asked = request.args.get("fate", "")
    after = request.args.get("after", "")[:22]
    page = {"after": after} if asked else {"limit": SHOWN}
    return _about_act(batch) | {
        "batch": batch,
        "totals": totals,
        "students_by_outcome": {
            outcome: batch.students_with(outcome, by=g.account, **page)
            for outcome in _in_order(batch)
            if outcome in totals and asked in ("", outcome)
        },
        "asked": asked,
        "after": after,
        "chosen": sum(totals.values()),
        "done": totals.get(Outcome.DONE, 0),
    }


def _in_order(batch: Batch) -> list[Outcome]:
    """Return the outcomes with "done" first; for a plan last, so that reasons that can still be mended come first."""
    return sorted(Outcome, key=lambda outcome: outcome is Outcome.DONE and not batch.is_done())


def _about_act(batch: Batch) -> dict[str, Any]:
    """Return what the page shows about letters or mails."""
    if batch.act == Act.LETTERS:
        return {"outline": outline_of(batch, by=g.account), "at_once": letters.AT_ONCE}
    if batch.act != Act.EMAIL:
        return {}
    if batch.is_done():
        return {"mailing": result_of(batch, by=g.account)}
    return {"mailing": plan_of(batch, by=g.account, pace=current_app.extensions["settings"].mail_pace)}


@bp.post("/portal-access/batches/<batch_id>")
@requires(Permission.MANAGE_CODES, on=Batch, writes_itself=True, lane=Lane.DOCUMENTS)
def confirm(batch: Batch) -> Answer:
    """Do what was planned: codes, a spreadsheet, letters or mail."""
    form = form_for(batch)
    if form.validate_on_submit() and form.confirm_password():
        return _ACTS[Act(batch.act)](batch, form)
    return htmx.render("bulk_codes/show.html", form=form, **_context(batch)), form.status, form.headers


def _make_codes(batch: Batch, _form: BatchForm) -> Answer:
    make_codes(batch, by=g.account)
    return _page_of(batch)


def _export(batch: Batch, _form: BatchForm) -> Answer:
    """Send the spreadsheet of codes. If it was sent before, return the page that says so."""
    students = export_codes(batch, by=g.account)
    if not students:
        return _page_of(batch)
    join_url = f"{current_app.extensions['settings'].address}/join"
    day = clock.today(students[0].time_zone)
    return downloads.send(sheet_of_codes(students, join_url=join_url), f"access-codes-{day.isoformat()}.csv")


def _print_letters(batch: Batch, form: BatchForm) -> Answer:
    """Send the letters. If they are many, redirect to the job that prints them."""
    made = letters.print_batch(batch, order=form.letter_order, by=g.account)
    if isinstance(made, Job):
        return htmx.redirect(url_for("jobs.show", job_id=made.public_id))
    return downloads.send(made.content, made.name)


def _mail(batch: Batch, _form: BatchForm) -> Answer:
    mail_families(batch, by=g.account)
    return _page_of(batch)


_ACTS = {
    Act.ENABLE: _make_codes,
    Act.RESET: _make_codes,
    Act.EXPORT: _export,
    Act.LETTERS: _print_letters,
    Act.EMAIL: _mail,
}
