"""`portal letters`: print login instructions for a whole school or one homeroom as PDFs."""

import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

import click
from sqlalchemy import ColumnElement, and_

from portal import db
from portal.commands.lookups import homerooms_named, school_named
from portal.commands.readiness import opened
from portal.config import Settings
from portal.db import Refused
from portal.documents.bulk import PrintedLetters, Progress
from portal.documents.letter import Letter
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.orders import print_in_bulk
from portal.documents.recipients import letters_for
from portal.models import Student
from portal.models.letters.batch import record_printed
from portal.models.letters.list import LetterList, LetterOrder, letters_of


@click.command("letters")
@click.option("--school", "identifier", required=True, help="The school's short name, as in the roster.")
@click.option("--homeroom", help="Only the students of this homeroom.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
@click.option(
    "--order", type=click.Choice([each.value for each in LetterOrder]), default=LetterOrder.HOMEROOM.value
)
@click.option("--covers/--no-covers", default=True, help="A list to tick before each homeroom's letters.")
def letters(identifier: str, homeroom: str | None, out: Path, order: str, *, covers: bool) -> None:
    """Print a letter for each student with a live code. More than 1,000 pages become FILE-1.pdf, FILE-2.pdf ..."""
    began = perf_counter()
    if out.suffix.lower() != ".pdf" or not out.parent.is_dir():
        raise Refused(f"{out} is no name of a PDF in a folder that exists.")
    settings = Settings.read()
    with opened(settings):
        found = letters_of(_students(identifier, homeroom), by=None, order=LetterOrder(order))
        run = _print(found, out=out, address=settings.address, covers=covers)
    _show(run, found, perf_counter() - began)


def _students(identifier: str, homeroom: str | None) -> ColumnElement[bool]:
    school = school_named(identifier)
    at_school = Student.school_id == school.id
    if homeroom is None:
        return at_school
    return and_(at_school, Student.homeroom_id.in_(homerooms_named(homeroom, at=school)))


def _print(found: LetterList, *, out: Path, address: str, covers: bool) -> PrintedLetters:
    if not found.recipients:
        raise Refused(f"Nobody there has a live access code, so nothing was printed ({_reasons(found)}).")
    to_print = letters_for(found.recipients, address=address)
    with click.progressbar(length=len(to_print), label="Printing", file=sys.stderr) as bar:

        def progress(done: int, _total: int) -> None:
            bar.update(done - bar.pos)

        run = _print_letters(to_print, out=out, covers=covers, progress=progress)
    with db.writing():
        record_printed(found.recipients, by=None)
    return run


def _print_letters(to_print: list[Letter], *, out: Path, covers: bool, progress: Progress) -> PrintedLetters:
    """Print the letters. Raises Refused when the PDF engine fails or the folder cannot be written to."""
    try:
        return print_in_bulk(to_print, folder=out.parent, name=out.stem, has_covers=covers, progress=progress)
    except PrintingFailed as failure:
        raise Refused(str(failure)) from None
    except OSError as error:
        raise Refused(f"{out.parent} cannot be written to: {error.strerror}.") from None


def _show(run: PrintedLetters, found: LetterList, seconds: float) -> None:
    click.echo(f"{'letters':<14}{run.letters:>8,}")
    click.echo(f"{'cover sheets':<14}{run.covers:>8,}")
    click.echo(f"{'skipped':<14}{len(found.skipped):>8,}{f'  {_reasons(found)}' if found.skipped else ''}")
    click.echo(f"{'seconds':<14}{seconds:>8.1f}")
    for warning in run.warnings:
        click.echo(warning)
    for path in run.files:
        click.echo(str(path))


def _reasons(found: LetterList) -> str:
    counted = Counter(each.status.value.replace("_", " ") for each in found.skipped)
    return ", ".join(f"{number:,} {lack}" for lack, number in sorted(counted.items())) or "no students"
