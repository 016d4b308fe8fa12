"""The channel to the printing process, by which others hand it a connection for each print.

An installation opens the channel and forks the printing process beside its web workers, which inherit it. Elsewhere,
as in a command, the process is started by the first print. Either way all is done by sockets without a name: nobody
else on the machine can reach them, and nothing of a letter is written to a disk.
"""

import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection

from portal.documents.pdf.engine import PrintingFailed
from portal.documents.printing.kinds import GET_READY, TURN, PrintKind
from portal.text.language import gettext as _
from portal.web.errors import TooBusy

#: Seconds after which somebody who was refused may try again.
TRY_AGAIN = 5

#: A print that came to nobody is asked for once more: the process may have ended just then.
TRIES = 2

STARTED = [sys.executable, "-m", "portal.documents.printing.process"]


class PrintingChannel:
    """The end of the channel that belongs to those who ask. Threads share it, and processes forked later."""

    def __init__(self) -> None:
        self._sender: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def open(self) -> socket.socket:
        """Return the other end of a new channel, for a printing process that is forked later and makes itself ready."""
        self._sender, receiver = _pair()
        self._sender.sendall(GET_READY)
        return receiver

    def close(self) -> None:
        """End the printing process, if it was started here. The next print starts another one."""
        with self._lock:
            self._forget()

    def turn(self, kind: PrintKind) -> Connection:
        """Wait until it is our turn, and return the connection to the child that makes the print.

        Raises TooBusy when too many wait, and PrintingFailed when there is no printing process.
        """
        for _try in range(TRIES):
            connection = self._connect(kind)
            try:
                _await_turn(connection, kind)
            except (EOFError, ConnectionError):
                connection.close()
            except BaseException:
                connection.close()
                raise
            else:
                return connection
        raise PrintingFailed(_("The letters could not be made. Please tell whoever runs the portal."))

    def _connect(self, kind: PrintKind) -> Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._hand_over(theirs, kind)
            except BlockingIOError:
                ours.close()
                raise _too_busy() from None
        return Connection(ours.detach())

    def _hand_over(self, theirs: socket.socket, kind: PrintKind) -> None:
        """Send `theirs` to the printing process, which is started where there is none, or none any more."""
        with self._lock:
            try:
                sender = self._sender or self._start()
                socket.send_fds(sender, [kind.sign], [theirs.fileno()])
            except ConnectionError:
                socket.send_fds(self._start(), [kind.sign], [theirs.fileno()])

    def _start(self) -> socket.socket:
        """Start a printing process in place of one that has ended, and return the way to it."""
        self._forget()
        self._sender, receiver = _pair()
        with receiver:
            self._process = subprocess.Popen(STARTED, stdin=receiver.fileno(), stdout=subprocess.DEVNULL)
        return self._sender

    def _forget(self) -> None:
        """Close the channel, at which a printing process that was started here ends, and wait until it has."""
        if self._sender is not None:
            self._sender.close()
        if self._process is not None:
            self._process.wait()
        self._sender = self._process = None


def _pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a new channel. Nobody is made to wait by one that is full."""
    sender, receiver = socket.socketpair()
    sender.setblocking(False)
    return sender, receiver


def _await_turn(connection: Connection, kind: PrintKind) -> None:
    """Raises TooBusy when our turn does not come, or EOFError when the printing process has ended."""
    if not connection.poll(kind.patience) or connection.recv_bytes() != TURN:
        raise _too_busy()


def _too_busy() -> TooBusy:
    return TooBusy(
        _("Too many letters are being made at the moment, so this was not begun."), seconds=TRY_AGAIN
    )


#: The channel of this process.
CHANNEL = PrintingChannel()
