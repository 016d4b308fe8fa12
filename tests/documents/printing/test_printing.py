"""Printing in a process of its own: the same pages, whatever becomes of that process, and nothing left behind."""

import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from portal.documents import bulk, single
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.preview import lay_out_preview
from portal.documents.printing import orders
from portal.documents.printing.channel import PrintingChannel
from portal.documents.printing.kinds import FULL, PREVIEWS, TURN
from portal.documents.wording import Wording
from portal.web.errors import TooBusy
from tests.documents.samples import CODES, MIA, NAMES

#: Prints a letter and says which libraries that draw or read PDFs the process has loaded.
PRINTS = """
import sys
from portal.documents.printing.orders import print_letter
from tests.documents.samples import MIA
assert print_letter(MIA).startswith(b"%PDF")
print(sorted({"xhtml2pdf", "reportlab", "svglib", "lxml", "PIL", "pypdf"} & set(sys.modules)))
"""

TEXT = Wording.of_boxes({"lead": "<p>Welcome to Lincoln</p>"})


@pytest.fixture
def channel(monkeypatch):
    """A printing process that only this test uses."""
    channel = PrintingChannel()
    monkeypatch.setattr(orders, "CHANNEL", channel)
    yield channel
    channel.close()


@pytest.mark.parametrize("name", ["Mia", "欧阳明月", "فاطمة", "<b>&{{ }}"])
def test_a_letter_is_byte_for_byte_what_the_engine_makes_here(name):
    letter = replace(MIA, student=name, wording=TEXT)

    assert orders.print_letter(letter) == single.print_letter(letter)


def test_a_preview_is_what_the_engine_makes_here():
    letter = replace(MIA, wording=Wording.of_boxes({"lead": "so much to say " * 60}))

    assert orders.preview_letter(letter) == lay_out_preview(letter)


def test_bulk_letters_are_what_the_engine_makes_here(tmp_path):
    letters = [replace(MIA, student=name, code=CODES[0]) for name in NAMES]
    here, there = tmp_path / "here", tmp_path / "there"
    told = []
    for folder in (here, there):
        folder.mkdir()

    expected = bulk.print_in_bulk(letters, folder=here, name="all")
    printed = orders.print_in_bulk(
        letters, folder=there, name="all", progress=lambda *done: told.append(done)
    )

    assert printed.files == [there / "all.pdf"]
    assert printed.files[0].read_bytes() == expected.files[0].read_bytes()
    assert (printed.letters, printed.covers, printed.warnings) == (18, 1, expected.warnings)
    assert told == [(18, 18)]


def test_whoever_prints_loads_no_pdf_library():
    answer = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, text=True, check=True)

    assert answer.stdout == "[]\n"


def test_nothing_of_a_letter_is_logged_or_left_on_the_disk(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    answer = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, text=True, check=True)

    assert (answer.stderr, list(tmp_path.iterdir())) == ("", [])


def test_when_a_print_is_killed_a_sentence_says_so_and_the_next_one_is_made(channel, tmp_path):
    def kill(_done: int, _all: int) -> None:
        for child in children_of(channel):
            os.kill(child, signal.SIGKILL)

    with pytest.raises(PrintingFailed, match="Please try again") as failure:
        orders.print_in_bulk([MIA] * 60, folder=tmp_path, progress=kill)

    assert MIA.student not in str(failure.value)
    assert orders.print_letter(MIA) == single.print_letter(MIA)


def test_when_the_printing_process_is_killed_its_prints_are_finished_and_another_makes_the_next(
    channel, tmp_path
):
    def kill(_done: int, _all: int) -> None:
        os.kill(channel._process.pid, signal.SIGKILL)

    orders.print_letter(MIA)
    first = channel._process.pid

    assert orders.print_in_bulk([MIA] * 60, folder=tmp_path, progress=kill).letters == 60
    assert orders.print_letter(MIA) == single.print_letter(MIA)
    assert channel._process.pid != first


def test_whoever_stops_a_print_finds_nothing_of_it(channel, tmp_path):
    def stop(done: int, _all: int) -> None:
        raise InterruptedError(done)

    with pytest.raises(InterruptedError):
        orders.print_in_bulk([MIA] * 120, folder=tmp_path, progress=stop)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        orders.print_in_bulk([MIA], folder=tmp_path / "nowhere")


def test_a_full_disk_is_said_in_words(channel, tmp_path):
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, usual[1]))
    try:
        with pytest.raises(PrintingFailed, match="no room on the disk"):
            orders.print_in_bulk([MIA], folder=tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)

    assert list(tmp_path.iterdir()) == []


def test_a_lane_makes_some_keeps_some_waiting_and_refuses_more(channel):
    kind = PREVIEWS
    all_of_them = [channel._connect(kind) for _ in range(kind.at_once + kind.waiting + 1)]
    *first, last = all_of_them
    heard = [first[0].recv_bytes(), last.recv_bytes()]

    others_are_quiet = not any(each.poll() for each in first[1:])
    for each in first:
        if each is not first[0]:
            heard.append(each.recv_bytes())
        each.close()
    last.close()

    assert others_are_quiet
    assert heard == [TURN, FULL, *([TURN] * kind.waiting)]


def test_a_print_waits_for_its_own_kind_only(channel):
    with channel.turn(PREVIEWS):
        assert orders.print_letter(MIA)


def test_whoever_is_one_too_many_is_refused_in_words(channel):
    most = PREVIEWS.at_once + PREVIEWS.waiting
    waiting = [channel._connect(PREVIEWS) for _ in range(most)]

    with pytest.raises(TooBusy, match="Too many letters") as refusal:
        orders.preview_letter(MIA)
    for each in waiting:
        assert each.recv_bytes() == TURN
        each.close()

    assert refusal.value.seconds > 0
    assert orders.preview_letter(MIA).crowded == []


def test_whoever_has_gone_keeps_no_place(channel):
    with channel.turn(PREVIEWS) as first:
        for gone in [channel._connect(PREVIEWS) for _ in range(PREVIEWS.waiting)]:
            gone.close()
        with channel._connect(PREVIEWS) as patient:
            first.close()
            assert patient.recv_bytes() == TURN


def test_the_printing_process_ends_with_whoever_started_it(channel):
    orders.print_letter(MIA)
    process = channel._process

    channel.close()

    assert process.returncode == 0


def children_of(channel: PrintingChannel) -> list[int]:
    """The processes that make a print at the moment."""
    found = subprocess.run(
        ["pgrep", "-P", str(channel._process.pid)], capture_output=True, text=True, check=True
    )
    return [int(pid) for pid in found.stdout.split()]
