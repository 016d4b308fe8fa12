"""Download Login Instructions for many: a page first, a PDF at once, and a job where they are many."""

import io
import re
import resource
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal import db
from portal.documents import bulk
from portal.documents.bulk import print_in_bulk
from portal.models import Event, EventKind, Job
from portal.models.jobs.stage import JobStage
from portal.text.access_code import pretty
from portal.worker import letters as letter_runs
from portal.worker.folders import JobFolder
from tests.browsing import post
from tests.db.racing import PROCESSES
from tests.statements import counted
from tests.views.codes.test_batches import events, let_the_password_grow_old, plan, text_of
from tests.working import print_and_wait, seen, worker

__all__ = ["worker"]  # a fixture


@pytest.fixture
def many(monkeypatch):
    """More than one letter is many."""
    monkeypatch.setattr(letter_runs, "AT_ONCE", 1)


def printing(browser, *students, **fields) -> str:
    return plan(browser, "letters", *students, **fields)


def job() -> Job:
    db.session.rollback()
    return db.session.scalars(select(Job).order_by(Job.id.desc())).first()


def text_in(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_page_says_first_what_will_be_printed(cast, as_):
    otto = as_(cast.otto)

    page = text_of(otto.get(printing(otto, school=cast.lincoln.public_id)))

    assert "3 letters are printed, one page for each student." in page
    assert "(2 homerooms)" in page
    assert "No code changes" in page
    assert re.search(r"No code that works \(2\).*Lucía Fernández Ortiz", page)


def test_few_letters_come_at_once(cast, as_):
    otto = as_(cast.otto)

    answer = post(otto, printing(otto, cast.mia, cast.noah), order="homeroom")

    assert answer.content_type == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="login-instructions-lincoln-elementary.pdf"'
    )
    for student in (cast.mia, cast.noah):
        assert pretty(cast.code_of(student)) in text_in(answer.data)
    assert events(EventKind.LETTER_PRINTED) == 2
    assert db.session.scalar(select(Job)) is None


def test_printing_changes_no_code_and_can_be_done_again(cast, as_):
    otto, code = as_(cast.otto), cast.code_of(cast.mia)
    page = printing(otto, cast.mia)

    first, second = post(otto, page, order="homeroom"), post(otto, page, order="household")

    assert (first.status_code, second.status_code) == (200, 200)
    assert cast.code_of(cast.mia) == code
    assert "1 letter downloaded" in otto.get(page).text
    assert "Download again" in otto.get(page).text


def test_nothing_to_print_is_no_empty_pdf(cast, as_):
    otto = as_(cast.otto)
    page = printing(otto, cast.lucia, cast.emil)

    assert "None of them has an access code that works. Enable them first." in text_of(otto.get(page))
    assert post(otto, page, order="homeroom").status_code == 409


def test_whoever_moved_away_since_is_left_out_and_said(cast, as_):
    otto = as_(cast.otto)
    page = printing(otto, cast.mia, cast.noah)
    with db.writing():
        cast.noah.school_id = cast.riverside.id

    answer = post(otto, page, order="homeroom")

    assert "Noah" not in text_in(answer.data)
    assert "No longer in your reach (1)" in text_of(otto.get(page))


def test_printing_many_wants_the_password_again(cast, as_):
    otto = as_(cast.otto)
    page = printing(otto, cast.mia)
    let_the_password_grow_old(cast.otto)

    assert post(otto, page, order="homeroom").status_code == 422
    assert post(otto, page, order="homeroom", password=cast.password_of(cast.otto)).status_code == 200


def test_an_unknown_order_prints_nothing(cast, as_):
    otto = as_(cast.otto)

    assert post(otto, printing(otto, cast.mia), order="by height").status_code == 422
    assert events(EventKind.LETTER_PRINTED) == 0


def test_many_letters_become_a_job(cast, as_, worker, many):
    otto = as_(cast.otto)
    page = printing(otto, cast.mia, cast.noah)
    at = post(otto, page, order="homeroom").location
    assert at == f"/jobs/{job().public_id}"
    assert post(otto, page, order="homeroom").location == at  # pressed twice

    worker.run_queued()

    with otto.get(f"{at}/file") as file:
        assert pretty(cast.code_of(cast.mia)) in text_in(file.data)
    assert events(EventKind.LETTER_PRINTED) == 2
    assert "Ready" in otto.get(at).text
    assert cast.code_of(cast.mia) not in str(job().arguments) + str(job().summary)


def test_several_files_come_in_one_archive(cast, as_, worker, many, monkeypatch):
    monkeypatch.setattr(bulk, "PAGES", 2)
    otto = as_(cast.otto)
    at = post(otto, printing(otto, school=cast.lincoln.public_id), order="homeroom").location

    worker.run_queued()

    with otto.get(f"{at}/file") as file, ZipFile(io.BytesIO(file.data)) as archive:
        assert len(archive.namelist()) > 1
        assert sum(len(PdfReader(io.BytesIO(archive.read(name))).pages) for name in archive.namelist()) >= 3
        assert file.headers["Content-Disposition"].endswith('.zip"')


def test_kill_9_while_the_letters_are_printed_leaves_one_file_and_one_record(
    cast, as_, worker, many, settings
):
    otto = as_(cast.otto)
    at = post(otto, printing(otto, cast.mia, cast.noah), order="homeroom").location
    line, far_end = PROCESSES.Pipe()
    dying = PROCESSES.Process(target=print_and_wait, args=(settings, job().id, far_end))
    dying.start()
    far_end.close()
    assert line.recv() == "printed"
    worker.run_queued()  # another worker stays away while the first one is at it
    assert seen(job()).tries == 1
    dying.kill()
    dying.join()

    worker.sweep()
    worker.run_queued()

    assert (seen(job()).stage, job().tries) == (JobStage.READY, 2)
    assert events(EventKind.LETTER_PRINTED) == 2
    kept = {path.name for path in JobFolder(job().public_id).path.iterdir()}
    assert kept == {"lock", "notes", "product", "progress"}
    assert otto.get(at).status_code == 200


def test_a_full_disk_fails_in_words_and_leaves_nothing(cast, as_, worker, many, monkeypatch):
    monkeypatch.setattr(letter_runs, "print_in_bulk", _with_little_room)
    otto = as_(cast.otto)
    at = post(otto, printing(otto, cast.mia, cast.noah), order="homeroom").location

    worker.run_queued()

    assert seen(job()).stage is JobStage.FAILED
    assert "no room on the disk" in text_of(otto.get(at))
    assert not JobFolder(job().public_id).path.exists()
    assert events(EventKind.LETTER_PRINTED) == 0


def test_a_full_disk_sends_no_half_of_a_letter(cast, as_, monkeypatch):
    monkeypatch.setattr(letter_runs, "print_in_bulk", _with_little_room)
    otto = as_(cast.otto)

    answer = post(otto, printing(otto, cast.mia), order="homeroom")

    assert answer.status_code == 409
    assert "no room on the disk" in text_of(answer)
    assert events(EventKind.LETTER_PRINTED) == 0


def test_the_file_is_refused_once_one_student_of_it_is_out_of_reach(cast, as_, worker, many):
    otto = as_(cast.otto)
    at = post(otto, printing(otto, cast.mia, cast.noah), order="homeroom").location
    worker.run_queued()
    with db.writing():
        cast.noah.school_id = cast.riverside.id

    assert otto.get(f"{at}/file").status_code == 303
    worker.sweep()

    assert not JobFolder(job().public_id).path.exists()


def test_the_outline_is_one_statement_however_many(cast, as_):
    otto = as_(cast.otto)
    one, all_of_them = printing(otto, cast.mia), printing(otto, school=cast.lincoln.public_id)

    def cost(page: str) -> int:
        with counted() as statements:
            otto.get(page)
        return len(statements)

    assert cost(all_of_them) - cost(one) <= 1  # a second outcome has a list of its own


def test_who_printed_is_on_record(cast, as_, worker, many):
    otto = as_(cast.otto)
    post(otto, printing(otto, cast.mia, cast.noah), order="homeroom")
    worker.run_queued()

    by = db.session.scalars(select(Event.account_id).filter_by(kind=EventKind.LETTER_PRINTED.value))
    assert set(by) == {cast.otto.id}


def _with_little_room(*letters: Any, **manner: Any) -> Any:
    """The printing, while the kernel lets no file grow beyond a few bytes."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, usual[1]))
    try:
        return print_in_bulk(*letters, **manner)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
