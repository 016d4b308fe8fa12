"""One writer at a time in all processes, first come first served."""

import fcntl
import os
import select
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.db.locks import WriteLock

#: Seconds in which somebody who is let in would have said so, and in which a child that hangs is given up.
SOON, AT_LAST = 0.2, 10


@pytest.fixture
def lock(tmp_path: Path) -> WriteLock:
    return WriteLock(tmp_path / "portal.db.lock")


def test_threads_are_served_in_the_order_they_came(lock: WriteLock):
    served: list[int] = []
    with lock.held():
        waiting = [queue_up(lock, place, served) for place in range(1, 9)]
    for thread in waiting:
        thread.join()

    assert served == list(range(1, 9))


def test_only_one_thread_is_inside(lock: WriteLock):
    inside, most = [], []

    def work() -> None:
        for _time in range(200):
            with lock.held():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert set(most) == {1}


def test_raising_inside_lets_the_next_one_in(lock: WriteLock):
    with pytest.raises(ZeroDivisionError), lock.held():
        raise ZeroDivisionError

    with lock.held():
        assert is_locked(lock)
    assert not is_locked(lock)


def test_another_process_waits_outside(lock: WriteLock):
    with lock.held():
        child, says = forked(lambda tell: hold_and_tell(WriteLock(lock._path), tell))
        assert not has_spoken(says), "it came in while the lock was held"

    assert is_well(child)


def test_a_forked_child_does_not_share_its_parents_hold(lock: WriteLock):
    with lock.held():
        child, says = forked(lambda tell: hold_and_tell(lock, tell))
        assert not has_spoken(says), "the child took its parent's hold for its own"

    assert is_well(child)


def test_a_child_forked_while_a_thread_waits_does_not_wait_for_that_thread(lock: WriteLock):
    with lock.held():
        waiting = queue_up(lock, 1, [])
        child, _says = forked(lambda tell: hold_and_tell(lock, tell))
    waiting.join()

    assert is_well(child)


def test_a_process_that_is_killed_leaves_no_lock_behind(lock: WriteLock):
    child, says = forked(lambda tell: hold_and_tell(lock, tell, then=signal.pause))
    assert has_spoken(says, within=AT_LAST)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    assert not is_locked(lock)


def test_what_a_killed_process_held_ends_with_it_though_its_child_lives_on(lock: WriteLock):
    def hold_beside_a_child(tell: Callable[[], None]) -> None:
        with lock.held():
            forked(lambda _tell: (tell(), signal.pause()))
            signal.pause()

    parent, says = forked(hold_beside_a_child)
    assert has_spoken(says, within=AT_LAST)
    (child,) = children_of(parent)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)

    assert not is_locked(lock)
    os.kill(child, signal.SIGKILL)


def queue_up(lock: WriteLock, place: int, served: list[int]) -> threading.Thread:
    """A thread that has taken its place behind `place` others."""

    def wait() -> None:
        with lock.held():
            served.append(place)

    thread = threading.Thread(target=wait)
    thread.start()
    while len(lock._waiting) <= place:
        os.sched_yield()
    return thread


def hold_and_tell(
    lock: WriteLock, tell: Callable[[], None], then: Callable[[], object] = lambda: None
) -> None:
    with lock.held():
        tell()
        then()


def forked(work: Callable[[Callable[[], None]], object]) -> tuple[int, int]:
    """A child process that does `work`; its id, and where one hears what it tells. It ends after AT_LAST."""
    hears, speaks = os.pipe()
    child = os.fork()
    if child:
        os.close(speaks)
        return child, hears
    signal.alarm(AT_LAST)
    work(lambda: os.write(speaks, b"!") and None)
    os._exit(0)


def has_spoken(says: int, within: float = SOON) -> bool:
    return bool(select.select([says], [], [], within)[0])


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def is_well(child: int) -> bool:
    """Whether the child came to its end by itself."""
    return os.waitpid(child, 0)[1] == 0


def is_locked(lock: WriteLock) -> bool:
    with lock._path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
