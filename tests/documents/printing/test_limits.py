"""What one print may take of the machine, and that it gets nothing which is not its own."""

import os
import signal
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing import kinds, orders, process
from portal.documents.printing.kinds import GET_READY, LETTERS, MIB
from portal.documents.printing.process import PrintingProcess
from tests.documents.printing.forking import forked_printing

#: A kind of which a print has a second of the processor, and little memory.
SHORT = LETTERS._replace(seconds=1, memory=64 * MIB)


@pytest.fixture
def forked(monkeypatch) -> Iterator[None]:
    """A printing process that knows the prints below."""
    monkeypatch.setitem(kinds.KINDS, SHORT.sign, SHORT)
    with forked_printing(monkeypatch):
        yield


@dataclass(frozen=True)
class Probe:
    """A print that does something else."""

    task: str

    def make(self, _progress: Any) -> tuple[dict[str, Any], bytes]:
        return {"found": getattr(self, self.task)()}, b""

    def calculate_for_ever(self) -> None:
        while True:
            pass

    def wait_for_ever(self) -> None:
        signal.alarm(1)  # in place of that of its kind, which comes later
        while True:
            signal.pause()

    def fill_the_memory(self) -> int:
        return len(b"x" * 1024 * MIB)

    def quote_the_letter(self) -> None:
        raise RuntimeError("K7QD9M2XHT4W")

    def look_at_what_is_open(self) -> dict[str, str]:
        listed = [each for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
        return {each.name: str(each.readlink()).partition(":")[0] for each in listed}

    def tell_how_patient(self) -> int:
        return os.nice(0)


@pytest.mark.parametrize(("words", "times"), [(b"", 0), (GET_READY, 1), (GET_READY * 2, 1)])
def test_the_engine_is_loaded_when_it_is_asked_for_and_once(words, times):
    sender, receiver = socket.socketpair()
    loaded = []
    with receiver:
        sender.sendall(words)
        sender.close()
        PrintingProcess(receiver, lambda: loaded.append("engine")).run()

    assert len(loaded) == times


def test_the_engine_is_given_up_when_nobody_prints(monkeypatch):
    monkeypatch.setattr(process, "IDLE", 0)
    sender, receiver = socket.socketpair()
    with sender, receiver:
        sender.sendall(GET_READY)
        PrintingProcess(receiver, lambda: None).run()


def test_who_has_gone_when_too_many_wait_ends_nothing(monkeypatch):
    none = LETTERS._replace(at_once=0, waiting=0)
    monkeypatch.setitem(kinds.KINDS, none.sign, none)
    sender, receiver = socket.socketpair()
    asker, connection = socket.socketpair()
    socket.send_fds(sender, [none.sign], [connection.fileno()])
    for each in (asker, connection, sender):
        each.close()
    with receiver:
        PrintingProcess(receiver, lambda: None).run()


def outcome_of(task: str) -> Any:
    values, _file = orders._print(Probe(task), SHORT)
    return values["found"]


@pytest.mark.parametrize("task", ["calculate_for_ever", "wait_for_ever"])
def test_nothing_is_printed_for_ever(forked, task):
    with pytest.raises(PrintingFailed, match="ended before the letters were made"):
        outcome_of(task)

    assert outcome_of("tell_how_patient") == os.nice(0) + SHORT.niceness  # and the next print is made


def test_a_print_cannot_take_all_memory(forked):
    with pytest.raises(PrintingFailed):
        outcome_of("fill_the_memory")


def test_whatever_goes_wrong_does_not_quote_the_letter(forked, capfd):
    with pytest.raises(PrintingFailed) as failure:
        outcome_of("quote_the_letter")

    assert "K7QD" not in str(failure.value) + "".join(capfd.readouterr())


def test_a_print_has_nothing_open_but_its_own_connection(forked):
    with Path(__file__).open(encoding="utf-8"):
        opened = outcome_of("look_at_what_is_open")

    beyond_the_streams = [what for number, what in opened.items() if int(number) > 2]
    assert sorted(beyond_the_streams) == ["pipe", "socket"]
