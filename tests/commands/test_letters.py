"""`portal letters`: a school's letters from the shell."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal import db
from portal.commands.readiness import ready_app
from portal.config import Settings
from portal.models import AccessCode, Event, EventKind, SchoolClass
from tests import rows
from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, refused, run

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures


@pytest.fixture
def lincoln(installed: Run) -> Run:
    """A school with two homerooms: two students with codes in 2A, in 2B one with and one without."""
    with ready_app(Settings.read()).app_context():
        school = rows.school()
        office = rows.staff(school)
        for title, names in (("2A", ["Mia Sullivan", "Noah Berg"]), ("2B", ["Lucía Díaz"])):
            room = rows.stored(SchoolClass(school_id=school.id, kind="homeroom", title=title))
            for name in names:
                rows.enabled(rows.student(school, name, homeroom_id=room.id), office)
        rows.student(school, "Nora Never", homeroom_id=room.id)
        db.session.remove()
    return installed


def text_of(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def test_a_school_is_printed_homeroom_by_homeroom(lincoln: Run, tmp_path: Path):
    result = lincoln("letters", "--school", "lincoln", "--out", str(tmp_path / "all.pdf"))

    assert result.exit_code == 0, result.output
    assert re.search(r"letters +3\n.*sheets +2\n.*skipped +1  1 not enabled\nseconds +\d", result.stdout)
    pages = text_of(tmp_path / "all.pdf")
    assert [("Homeroom" in page) for page in pages] == [True, False, False, True, False]
    assert "Nora Never" not in "".join(pages)


def test_one_homeroom_without_a_cover_sheet(lincoln: Run, tmp_path: Path):
    out = tmp_path / "2b.pdf"

    result = lincoln("letters", "--school", "lincoln", "--homeroom", "2B", "--no-covers", "--out", str(out))

    assert result.exit_code == 0, result.output
    [page] = text_of(out)
    assert "Lucía Díaz" in page


def test_printing_is_recorded_and_changes_no_code(lincoln: Run, tmp_path: Path):
    lincoln("letters", "--school", "lincoln", "--out", str(tmp_path / "one.pdf"))
    lincoln("letters", "--school", "lincoln", "--out", str(tmp_path / "two.pdf"))

    assert text_of(tmp_path / "one.pdf") == text_of(tmp_path / "two.pdf")
    with ready_app(Settings.read()).app_context():
        printed = db.session.scalars(select(Event).filter_by(kind=EventKind.LETTER_PRINTED.value)).all()
        assert len(printed) == 6
        assert all(code.letter_made_at for code in db.session.scalars(select(AccessCode)))
        db.session.remove()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--school", "nowhere"], "There is no school nowhere. There are: lincoln."),
        (["--school", "lincoln", "--homeroom", "9Z"], "There is no homeroom 9Z at Lincoln."),
        (["--school", "lincoln", "--out", "letters.txt"], "letters.txt is no name of a PDF"),
        (["--school", "lincoln", "--out", "/nowhere/letters.pdf"], "is no name of a PDF in a folder"),
    ],
)
def test_what_cannot_be_printed_is_refused(lincoln: Run, tmp_path: Path, arguments: list[str], sentence: str):
    out = tmp_path / "out.pdf"

    assert refused(lincoln("letters", "--out", str(out), *arguments), sentence)
    assert not out.exists()


def test_nobody_with_a_code_is_no_pdf(lincoln: Run, tmp_path: Path):
    with ready_app(Settings.read()).app_context():
        school = rows.school("Empty")
        rows.student(school)
        db.session.remove()

    result = lincoln("letters", "--school", "empty", "--out", str(tmp_path / "none.pdf"))

    assert refused(result, "Nobody there has a live access code, so nothing was printed (1 not enabled)")
    assert not (tmp_path / "none.pdf").exists()
