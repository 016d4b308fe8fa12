"""The child that the printing process forks for each print: makes it within the limits of its kind, and ends."""

import errno
import json
import os
import resource
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from portal.documents.minimal_app import minimal_app
from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.kinds import GO_ON, STOP, TURN, PrintKind
from portal.documents.printing.prints import Outcome, Print

#: What stays open in a child besides its connection: the standard streams.
STREAMS = {0, 1, 2}

#: Signals that a child does not inherit the answers to. It finishes its print when the installation is told to end.
DEFAULT = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGABRT)


class Stopped(Exception):
    """Whoever asked for the print does not want it any more, or is gone."""


def serve(connection: Connection, kind: PrintKind, *, keep: set[int]) -> None:
    """Make the one print that is asked for by `connection`. Nothing of it is ever logged.

    `keep` are further descriptors that stay open.
    """
    _leave_alone(keep | STREAMS | {connection.fileno()})
    _limit(kind)
    with suppress(EOFError, OSError, Stopped):
        connection.send_bytes(TURN)
        wanted: Print = connection.recv()  # from our own processes only, which could do all that it can
        answer, file = _make(wanted, connection)
        connection.send_bytes(json.dumps(answer).encode())
        connection.send_bytes(file)


def _leave_alone(kept: set[int]) -> None:
    """Close what belongs to others: the port, the channel, databases, and connections of other prints."""
    signal.set_wakeup_fd(-1)
    for number in DEFAULT:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for each in list(Path("/dev/fd").iterdir()):
        if int(each.name) not in kept:
            with suppress(OSError):
                os.close(int(each.name))


def _limit(kind: PrintKind) -> None:
    """Have the kernel end this process when it takes more than its kind allows."""
    with suppress(OSError):  # where the service may not, letters are printed all the same
        os.nice(kind.niceness)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(3 * kind.seconds)
    _limit_to(resource.RLIMIT_CPU, kind.seconds)
    _limit_to(resource.RLIMIT_CORE, 0)
    with suppress(OSError):  # other systems than Linux say it elsewhere; the seconds limit them too
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _limit_to(resource.RLIMIT_AS, pages * resource.getpagesize() + kind.memory)


def _limit_to(of_what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(of_what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(of_what, (most, most))


def _make(wanted: Print, connection: Connection) -> tuple[dict[str, Any], bytes]:
    try:
        with minimal_app().app_context():
            values, file = _outcome(wanted, connection)
    except PrintingFailed as failure:
        return {"failed": str(failure)}, b""
    except Stopped:
        raise
    except OSError as error:
        return {"errno": error.errno or errno.EIO}, b""
    except Exception:  # noqa: BLE001 - whatever it is, it may quote the letter
        return {"failed": "The PDF engine could not lay out a letter."}, b""
    return {"made": values}, file


def _outcome(wanted: Print, connection: Connection) -> Outcome:
    def progress(done: int, total: int) -> None:
        connection.send_bytes(json.dumps({"progress": [done, total]}).encode())
        try:
            word = connection.recv_bytes()
        except EOFError:
            word = STOP
        if word != GO_ON:
            raise Stopped

    return wanted.make(progress)
