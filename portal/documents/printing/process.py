"""The printing process: keeps the PDF engine ready, and forks a child for each print that it is asked for.

It reads no letter itself: all that comes by the channel is a connection, which the child inherits. So it never grows,
and whatever becomes of a child, the next print is made. After IDLE seconds without a print it ends, which gives back
the memory of the engine; the process that is forked in its place loads the engine when it is asked for a print.
"""

import os
import selectors
import signal
import socket
import sys
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import NamedTuple

from portal.documents.printing import child
from portal.documents.printing.kinds import FULL, GET_READY, KINDS, PrintKind
from portal.documents.printing.readiness import make_ready

#: Seconds between two calls of `goes_on`, at most.
PAUSE = 1

#: Seconds without a print after which the process ends.
IDLE = 900


class _Running(NamedTuple):
    kind: PrintKind
    pid: int


class PrintingProcess:
    """Takes connections from the channel, and sees to it that each kind has as many children as it may have.

    `prepare` is called before the first print, or as soon as the channel says so.
    """

    def __init__(self, channel: socket.socket, prepare: Callable[[], None]) -> None:
        self._channel = channel
        self._prepare = prepare
        self._is_ready = False
        self._idle = 0
        self._is_open = True
        self._selector = selectors.DefaultSelector()
        self._selector.register(channel, selectors.EVENT_READ)
        #: By the end of a pipe that is closed when the child ends.
        self._running: dict[int, _Running] = {}
        self._waiting: dict[PrintKind, deque[Connection]] = {kind: deque() for kind in KINDS.values()}

    def wake_by(self, descriptor: int) -> None:
        """Ask `goes_on` at once when there is something to read from `descriptor`, as after a signal."""
        self._selector.register(descriptor, selectors.EVENT_READ)

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Make prints while there is something to do and `goes_on()`, which is asked every second."""
        while goes_on() and (self._running or (self._is_open and not self._is_unused)):
            ready = self._selector.select(PAUSE)
            self._idle = 0 if ready or self._running else self._idle + PAUSE
            for key, _events in ready:
                if key.fileobj is self._channel:
                    self._accept()
                elif key.fd in self._running:
                    self._reap(key.fd)
                else:
                    os.read(key.fd, 512)

    def _accept(self) -> None:
        sign, descriptors, _flags, _address = socket.recv_fds(self._channel, 1, 1)
        if not sign:
            self._is_open = False
            self._selector.unregister(self._channel)
            return
        if not self._is_ready:
            self._prepare()
            self._is_ready = True
        if sign == GET_READY:
            return
        kind, connection = KINDS[sign], Connection(descriptors[0])
        if self._at_once(kind) < kind.at_once:
            self._fork(kind, connection)
        elif self._count_waiting(kind) < kind.waiting:
            self._waiting[kind].append(connection)
        else:
            with connection, suppress(ConnectionError):  # who asked may have gone, and others still wait
                connection.send_bytes(FULL)

    @property
    def _is_unused(self) -> bool:
        """Whether the engine is in memory, and nobody has printed anything for long."""
        return self._is_ready and self._idle >= IDLE

    def _count_waiting(self, kind: PrintKind) -> int:
        """Return how many wait for their turn. Whoever has gone meanwhile, the only sign before it, keeps no place."""
        gone = [each for each in self._waiting[kind] if each.poll()]
        for each in gone:
            self._waiting[kind].remove(each)
            each.close()
        return len(self._waiting[kind])

    def _at_once(self, kind: PrintKind) -> int:
        return Counter(each.kind for each in self._running.values())[kind]

    def _fork(self, kind: PrintKind, connection: Connection) -> None:
        ended, end = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                child.serve(connection, kind, keep={end})
            finally:
                os._exit(0)  # nothing of the parent's is finished twice, and no traceback quotes a letter
        os.close(end)
        connection.close()
        self._running[ended] = _Running(kind, pid)
        self._selector.register(ended, selectors.EVENT_READ)

    def _reap(self, ended: int) -> None:
        self._selector.unregister(ended)
        os.close(ended)
        kind, pid = self._running.pop(ended)
        os.waitpid(pid, 0)
        if self._waiting[kind]:
            self._fork(kind, self._waiting[kind].popleft())


def main() -> None:
    """Print for the process that started this one.

    The channel is standard input. A signal to end is for that process, which may still need its letters.
    """
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    channel = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    PrintingProcess(channel, make_ready).run()


if __name__ == "__main__":
    main()
