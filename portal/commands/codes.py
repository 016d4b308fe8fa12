"""`portal codes`: make access codes for a whole school or one homeroom."""

import sys
from time import perf_counter

import click

from portal import db
from portal.commands.lookups import homerooms_named, school_named
from portal.commands.readiness import opened
from portal.config import Settings
from portal.models import Batch
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act, Outcome
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from portal.policy.reach import Operator

WORDS = {
    Outcome.DONE: "enabled",
    Outcome.HAD_CODE: "had a code already",
    Outcome.NO_YEAR: "skipped: no school year to make codes for",
    Outcome.CHANGED: "skipped: changed at the same moment",
}


@click.group("codes")
def codes() -> None:
    """Give out access codes."""


@codes.command()
@click.option("--school", "identifier", required=True, help="The school's short name, as in the roster.")
@click.option("--homeroom", default="", help="Only the students of this homeroom.")
def enable(identifier: str, homeroom: str) -> None:
    """Make an access code for each student who has none that works: all of them, or nothing."""
    began = perf_counter()
    with opened(Settings.read()):
        totals = _enable(identifier, homeroom)
    for outcome, count in totals.items():
        click.echo(f"{count:>8,}  {WORDS[outcome]}")
    click.echo(f"{perf_counter() - began:>8.1f}  seconds")


def _enable(identifier: str, homeroom: str) -> dict[Outcome, int]:
    school = school_named(identifier)
    if homeroom:
        homerooms_named(homeroom, at=school)
    operator = Operator(school.id)
    chosen = Selection.of(StudentFilter(school=school.public_id, homeroom=homeroom), ids=(), everyone=True)
    with db.writing():
        batch = Batch.plan(Act.ENABLE, chosen, by=operator)
    with click.progressbar(length=1, label="Drawing codes", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        make_codes(batch, by=operator, progress=progress)
    return {Outcome.DONE: 0} | batch.totals(operator)
