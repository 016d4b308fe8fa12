"""A web worker: reads each request completely before one of its threads takes it (decision 26)."""

import logging
import os
import signal
import socket
import tempfile
import time
from collections.abc import Sequence
from operator import attrgetter

from flask import Flask
from gunicorn import systemd
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from portal.config import Settings
from portal.server.addresses import Addresses
from portal.server.connection import SECONDS_IDLE, Connection
from portal.server.lanes import Lanes
from portal.server.tree import ChildProcess

#: What a loop watches, by file descriptor.
Sockets = dict[int, wasyncore.dispatcher]

#: Seconds a web worker has to finish its requests when it is told to end.
SECONDS_TO_STOP = 10

#: What waitress is told. The portal says itself how far it trusts the headers of a proxy.
ADJUSTMENTS = {
    "backlog": 2048,
    "channel_timeout": SECONDS_IDLE,
    "cleanup_interval": 1,
    "clear_untrusted_proxy_headers": False,
    "connection_limit": 1000,
    "ident": None,
    "max_request_header_size": 1 << 15,
    "max_request_body_size": 1 << 40,  # see IncomingRequest
    "outbuf_high_watermark": 1 << 30,  # no thread waits for a browser that reads slowly
    "recv_bytes": 1 << 16,
}

#: Where a web worker has as many connections as it may have, it ends one in so many each second, for new ones.
ROOM = 10

#: Bytes of an answer that are sent before it is complete; fewer are sent together.
SENT_TOGETHER = 1 << 16


def answer(app: Flask, child: ChildProcess) -> None:
    """Answer browsers until told to end; then finish the requests that have begun."""
    settings: Settings = app.extensions["settings"]
    tempfile.tempdir = str(settings.home.absolute())  # /tmp may be memory, and a roster is large
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    lanes = Lanes(settings.threads)
    sockets: Sockets = {}
    servers = [server_of(app, each, lanes, sockets) for each in child.sockets]
    systemd.sd_notify("READY=1", child.log)
    _wake_by_signals(servers[0])
    while child.alive:
        wasyncore.poll2(1, sockets)
        child.beat()
    _finish(servers, sockets)
    lanes.end()


def server_of(app: Flask, listener: socket.socket, lanes: Lanes, sockets: Sockets) -> "Server":
    """Return what accepts the connections of a port, as one of the `sockets` of a loop."""
    adjustments = Adjustments(**ADJUSTMENTS)
    adjustments.send_bytes = SENT_TOGETHER
    address = (listener.family, listener.type, listener.proto, listener.getsockname())
    return Server(
        app, sockets, _sock=listener, dispatcher=lanes, adj=adjustments, sockinfo=address, bind_socket=False
    )


def _finish(servers: Sequence["Server"], sockets: Sockets) -> None:
    """Accept nothing more, and let what has begun come to its end."""
    end = time.monotonic() + SECONDS_TO_STOP
    for server in servers:
        server.stop_accepting()
    while time.monotonic() < end and any(server.is_busy for server in servers):
        wasyncore.poll2(0.1, sockets)


def _wake_by_signals(server: "Server") -> None:
    """End the waiting of the loop when a signal comes in, as when a thread has an answer."""
    os.set_blocking(server.trigger.trigger, False)
    signal.set_wakeup_fd(server.trigger.trigger)


class Server(TcpWSGIServer):
    """Accepts the connections of one port."""

    channel_class = Connection

    def __init__(self, app: Flask, *rest: object, **options: object) -> None:
        self.addresses = Addresses(app)
        super().__init__(app, *rest, **options)

    @property
    def is_busy(self) -> bool:
        """Whether one of its connections is."""
        return any(connection.is_busy for connection in self.active_channels.values())

    def large_uploads(self) -> int:
        """Return how many large uploads are being read, or wait to be stored."""
        return sum(connection.has_large_upload for connection in self.active_channels.values())

    def stop_accepting(self) -> None:
        """Close the port for this process; connections stay open."""
        wasyncore.dispatcher.close(self)

    def maintenance(self, now: float) -> None:
        """End connections that are too slow or idle. `now` is the clock of waitress, which may be set."""
        super().maintenance(now)
        for connection in list(self.active_channels.values()):
            connection.end_if_slow(time.monotonic())
        if self.in_connection_overflow:
            self._make_room()

    def _make_room(self) -> None:
        """End some connections that have nothing to answer, those first that have been silent longest."""
        silent = [each for each in self.active_channels.values() if not each.is_answered]
        silent.sort(key=attrgetter("last_activity"))
        for connection in silent[: self.adj.connection_limit // ROOM]:
            connection.will_close = True
