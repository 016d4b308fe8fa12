"""A web worker: reads each request completely before one of its threads takes it (decision 26)."""

import logging
import os
import signal
import tempfile
import time
from collections.abc import Sequence

from flask import Flask
from gunicorn import systemd
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from portal.config import Settings
from portal.server.tree import ChildProcess

#: Seconds a web worker has to finish its requests when it is told to end.
SECONDS_TO_STOP = 10

#: Seconds a connection may take to send its first request while its web worker ends.
SECONDS_TO_BEGIN = 1

#: What waitress is told. The portal says itself how far it trusts the headers of a proxy.
ADJUSTMENTS = {
    "backlog": 2048,
    "clear_untrusted_proxy_headers": False,
    "connection_limit": 1000,
    "ident": None,
    "outbuf_high_watermark": 1 << 30,  # no thread waits for a browser that reads slowly
    "recv_bytes": 1 << 16,
}


def answer(app: Flask, child: ChildProcess) -> None:
    """Answer browsers until told to end; then finish the requests that have begun."""
    settings: Settings = app.extensions["settings"]
    tempfile.tempdir = str(settings.home.absolute())  # /tmp may be memory, and a roster is large
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(settings.threads)
    sockets: dict[int, wasyncore.dispatcher] = {}
    servers = [
        Server(
            app, sockets, _sock=each, dispatcher=dispatcher, adj=Adjustments(**ADJUSTMENTS),
            sockinfo=(each.family, each.type, each.proto, each.getsockname()), bind_socket=False,
        )
        for each in child.sockets
    ]  # fmt: skip
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    systemd.sd_notify("READY=1", child.log)
    _wake_by_signals(servers[0])
    while child.alive:
        wasyncore.poll2(1, sockets)
        child.beat()
    _finish(servers, sockets)


def _finish(servers: Sequence["Server"], sockets: dict[int, wasyncore.dispatcher]) -> None:
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


class Channel(HTTPChannel):
    """The connection of one browser."""

    def __init__(self, *rest: object, **options: object) -> None:
        self.began_at = time.monotonic()
        super().__init__(*rest, **options)

    @property
    def is_busy(self) -> bool:
        """Whether a request is being read, answered or sent, or is likely to be on its way."""
        is_new = time.monotonic() - self.began_at < SECONDS_TO_BEGIN
        return bool(self.requests or self.request or self.total_outbufs_len or is_new)


class Server(TcpWSGIServer):
    """Accepts the connections of one port."""

    channel_class = Channel

    @property
    def is_busy(self) -> bool:
        """Whether one of its connections is."""
        return any(channel.is_busy for channel in self.active_channels.values())

    def stop_accepting(self) -> None:
        """Close the port for this process; connections stay open."""
        wasyncore.dispatcher.close(self)
