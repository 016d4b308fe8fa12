"""Time as it would pass on an idle machine: without what a ready thread spent waiting for a core that others had."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time

#: Linux tells here, for the reading thread: nanoseconds on a core, nanoseconds ready but waiting for one, turns.
SCHEDULED = Path("/proc/thread-self/schedstat")


def undisturbed() -> float:
    """Return seconds since some moment, without those this thread waited for a core. Waiting for a disk counts."""
    try:
        waited = int(SCHEDULED.read_bytes().split()[1])
    except OSError:
        waited = 0
    return perf_counter() - waited / 1e9


def seconds_of(work: Callable[[], object], times: int = 1) -> float:
    """Return how long `work` takes in the mean of so many times, by `undisturbed`."""
    start = undisturbed()
    for _ in range(times):
        work()
    return (undisturbed() - start) / times


def processor_seconds_of(work: Callable[[], object]) -> float:
    """Return how long `work` keeps processors busy, in all threads of this process."""
    start = process_time()
    work()
    return process_time() - start
