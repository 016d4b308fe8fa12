"""The processes of an installation: a parent that keeps the application, and children forked from it (decision 26)."""

import ctypes
import os
import select
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

#: Seconds after which a child whose `wait` was not called is taken for hung, and ended.
HUNG = 60

#: Seconds the children have to finish when the parent is told to end; afterwards they are killed.
SECONDS_TO_STOP = 300

#: Options of prctl(2): the signal this process gets when its parent dies, and its name for `ps -o comm` and `top`.
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15

#: The signals that tell a child to end. Before a forked child has handlers of its own, it would lose them.
_SIGNALS_TO_END = (signal.SIGTERM, signal.SIGQUIT)


@dataclass(frozen=True)
class ProcessType:
    """Processes of one kind.

    `count` processes call `work(child)`, which goes on for as long as `child.alive` and calls `child.wait` at least
    once a minute. Children of a type that does not listen have no part in the port. What `ends_last` is needed by the
    others until they end.
    """

    name: str
    count: int
    work: Callable[["ChildProcess"], None]
    listens: bool = False
    ends_last: bool = False


class Tree(Arbiter):
    """The parent: forks the children of every type, forks anew whichever dies, and ends with all of them.

    SIGTERM lets children finish what they are at, SIGINT and SIGQUIT do not; SIGHUP replaces every child.
    """

    SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)

    def __init__(self, app: Flask, types: Sequence[ProcessType], sockets: Sequence[socket.socket]) -> None:
        self._types = types
        super().__init__(_Program(app, sum(each.count for each in types)))
        self.LISTENERS = list(sockets)

    def start(self) -> None:
        """Begin to listen to signals. It is the first web worker that tells systemd when it answers."""
        self.pid = os.getpid()
        self.init_signals()

    def spawn_worker(self) -> int:
        """Fork a child of the first type that lacks one."""
        running = Counter(child.kind for child in self.WORKERS.values())
        missing = next(each for each in self._types if running[each] < each.count)
        self.worker_class = partial(ChildProcess, missing)
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS_TO_END)  # see ChildProcess.run
        try:
            return int(super().spawn_worker())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS_TO_END)

    def kill_workers(self, sig: int) -> None:
        """Send a signal to every child. Those that end last are told to end once the others have."""
        for pid, child in list(self.WORKERS.items()):
            if not (child.kind.ends_last and sig == signal.SIGTERM and self._is_ending):
                self.kill_worker(pid, sig)

    def reap_workers(self) -> None:
        """Take note of the children that have ended."""
        super().reap_workers()
        if self._is_ending and all(child.kind.ends_last for child in self.WORKERS.values()):
            for pid in list(self.WORKERS):
                self.kill_worker(pid, signal.SIGTERM)

    @property
    def _is_ending(self) -> bool:
        return not self.LISTENERS

    def reload(self) -> None:
        """Let every child finish and end. The port stays open meanwhile, and new children are forked at once."""
        self.kill_workers(signal.SIGTERM)


class ChildProcess(Worker):
    """A process forked from the parent, of one type. `alive` is true until it is told to end."""

    sockets: list[socket.socket]

    def __init__(self, kind: ProcessType, *rest: Any) -> None:
        super().__init__(*rest)
        self.kind = kind

    def init_process(self) -> None:
        """End when the parent is killed, and keep the port only if that is this child's business."""
        if sys.platform == "linux":
            process = ctypes.CDLL(None)
            process.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            process.prctl(_PR_SET_NAME, f"portal-{self.kind.name}".encode())
        if not self.kind.listens:
            for each in self.sockets:
                each.close()
            self.sockets = []
        super().init_process()

    def run(self) -> None:
        """Do the work of its type. What told it to end since it was forked has waited until now."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS_TO_END)
        self.kind.work(self)

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or sooner when a signal came in."""
        if select.select([self.PIPE[0]], [], [], seconds)[0]:
            os.read(self.PIPE[0], 512)
        self.beat()

    def beat(self) -> None:
        """Tell the parent that this child is well, and notice when there is no parent any more."""
        self.notify()
        if os.getppid() != self.ppid:
            self.alive = False


class _Program(BaseApplication):
    """What gunicorn is told: it reads neither a command line nor a file."""

    def __init__(self, app: Flask, workers: int) -> None:
        self._settings = {
            "workers": workers,
            "worker_class": ChildProcess,
            "timeout": HUNG,
            "graceful_timeout": SECONDS_TO_STOP,
            "control_socket_disable": True,
            "logger_class": _Log,
        }
        self._app = app
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


class _Log(Logger):
    """Leaves gunicorn's lines to the portal's log, from warnings upwards."""

    def setup(self, cfg: Any) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel("WARNING")
