"""What processes take, as Linux tells it: who descends from whom, memory, time of the processor."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep

PROC = Path("/proc")
MIB = 1024 * 1024
TICK = os.sysconf("SC_CLK_TCK")

#: How often idle processes are looked at, and how long they have to be idle, in seconds.
LOOK, IDLE = 0.1, 1.0


def family(pids: Iterable[int]) -> list[int]:
    """Return these processes and all that descend from them."""
    return [each for pid in pids for each in [pid, *family(_children(pid))]]


def pss(pids: Iterable[int]) -> float:
    """Return the MiB that these processes occupy: each its own, and its share of what several hold."""
    return sum(_kilobytes(pid, "smaps_rollup", "Pss") for pid in pids) / 1024


def private(pid: int) -> float:
    """Return the MiB that a process holds alone; 0 when it has ended."""
    names = ("Private_Clean", "Private_Dirty")
    return sum(_kilobytes(pid, "smaps_rollup", name) for name in names) / 1024


def peak(pid: int | str = "self") -> float:
    """Return the most MiB that a process has held at once since it began its program."""
    return _kilobytes(pid, "status", "VmHWM") / 1024


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the seconds of processor that these processes took, and their children who have ended."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in pids) / TICK


def settle(pids: Iterable[int], *, within: float = 60) -> None:
    """Wait until these processes and their descendants do nothing. Raises RuntimeError when that does not come."""
    roots, end = list(pids), monotonic() + within
    idle_since, spent = monotonic(), -1.0
    while monotonic() - idle_since < IDLE:
        if monotonic() > end:
            raise RuntimeError("the processes are never idle")
        now = family(roots)
        if (seconds := cpu_seconds(now)) > spent + 1.5 / TICK or any(_stat(pid)[0] in "RD" for pid in now):
            idle_since, spent = monotonic(), seconds
        sleep(LOOK)


def _children(pid: int) -> Iterator[int]:
    for task in (PROC / str(pid) / "task").glob("*/children"):
        try:
            yield from map(int, task.read_text(encoding="ascii").split())
        except OSError:
            continue


def _kilobytes(pid: int | str, file: str, name: str) -> int:
    try:
        lines = (PROC / str(pid) / file).read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return 0
    found = re.search(rf"^{name}:\s+(\d+) kB", lines, re.MULTILINE)
    return int(found[1]) if found else 0


def _stat(pid: int) -> list[str]:
    """Return the fields of a process from its state on; those of one that has ended are zero."""
    try:
        line = (PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return ["Z", *["0"] * 20]
    return line.rpartition(") ")[2].split()
