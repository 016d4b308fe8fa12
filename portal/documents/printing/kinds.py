"""Kinds of print: how many of each are made side by side, and what one may cost; and the words of those who print."""

import os
from typing import NamedTuple

MIB = 2**20

#: Sent in place of a kind, it tells the printing process to make itself ready.
GET_READY = b"!"

#: What somebody hears who asked for a print: it is their turn, or too many wait.
TURN, FULL = b"turn", b"full"

#: The answer to each word about the progress of a print: whether to go on with it.
GO_ON, STOP = b"go on", b"stop"


class PrintKind(NamedTuple):
    """One kind of print, which waits for prints of its own kind only.

    `at_once` prints are made at the same time, each in a process of its own, and `waiting` more may wait for their
    turn, for at most `patience` seconds. A print may take `seconds` of processor time, three times as many in all, and
    `memory` bytes beyond what the engine has. By its `niceness` (nice(1)) it lets other processes go first.
    """

    name: str
    at_once: int
    waiting: int
    patience: int
    seconds: int
    memory: int
    niceness: int

    @property
    def sign(self) -> bytes:
        """Return the byte that stands for the kind on its way to the printing process."""
        return self.name[0].encode()


#: Letters that somebody waits for at their browser. Two hundred take a third of a second.
LETTERS = PrintKind(
    "letters",
    at_once=max(os.cpu_count() or 1, 2),
    waiting=16,
    patience=20,
    seconds=30,
    memory=400 * MIB,
    niceness=5,
)

#: A preview takes a quarter of a second, unless somebody writes what the engine cannot cope with.
PREVIEWS = PrintKind("previews", at_once=1, waiting=4, patience=20, seconds=15, memory=350 * MIB, niceness=10)

#: Jobs of the worker, and the commands of the operator: thousands of letters, in about a second for each thousand.
JOBS = PrintKind(
    "jobs", at_once=1, waiting=32, patience=5_400, seconds=1_800, memory=1_000 * MIB, niceness=10
)

KINDS = {kind.sign: kind for kind in (LETTERS, PREVIEWS, JOBS)}
