"""Messages in the outbox, and mail servers to send them to."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from portal import db
from portal.config import Settings
from portal.models import MessageKind, OutboxMessage


@pytest.fixture
def posted(app: Flask) -> Callable[..., OutboxMessage]:
    """Owe a message: an alarm, which is about nobody, unless told otherwise."""

    def post(kind: MessageKind = MessageKind.GUESSING_ALARM, **fields: Any) -> OutboxMessage:
        with db.writing():
            return OutboxMessage.post(kind, **({"to": "grace@example.com", "language": "en"} | fields))

    return post


class Mailbox:
    """What an SMTP server took, and what it answers instead when told to."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.to_recipient = self.to_message = "250 OK"
        #: When set, it stops at that command ("RCPT" or "DATA") until the test has done what it wanted.
        self.stops_at, self.lets_through = "", 0
        self.has_stopped, self.may_go_on = threading.Event(), threading.Event()

    async def _stop(self, command: str) -> None:
        if self.stops_at == command and len(self.taken) >= self.lets_through:
            self.has_stopped.set()
            await asyncio.to_thread(self.may_go_on.wait)

    async def handle_RCPT(  # noqa: N802 - the server library names it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        await self._stop("RCPT")
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_message.startswith("250"):
            self.taken.append(envelope)
        await self._stop("DATA")
        return self.to_message


class Server(Controller):
    """Listens on any free port of this machine."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_server(mailbox: Mailbox, settings: Settings) -> Iterator[Settings]:
    """A mail server on this machine; the settings that lead to it."""
    server = Server(mailbox, hostname="127.0.0.1", port=0)
    server.start()
    yield smtp_settings(settings, server.port)
    server.stop()


@pytest.fixture
def scripted_server(settings: Settings) -> Iterator[Callable[..., Settings]]:
    """A server that answers one conversation line by line; after its last line it hangs up."""
    listeners: list[socket.socket] = []

    def start(*lines: bytes) -> Settings:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=_converse, args=(listener, lines), daemon=True).start()
        return smtp_settings(settings, listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()


def _converse(listener: socket.socket, lines: tuple[bytes, ...]) -> None:
    connection, _address = listener.accept()
    with connection, connection.makefile("rb") as heard:
        for line in lines:
            connection.sendall(line)
            if line.startswith(b"354"):
                while heard.readline() not in (b".\r\n", b""):
                    pass
            elif line.endswith(b"\r\n"):
                heard.readline()
        if not lines or not lines[-1].endswith(b"\r\n"):
            heard.read()  # says no more, but stays on the line


def smtp_settings(settings: Settings, port: int, **others: Any) -> Settings:
    """Settings that lead to a mail server of this machine."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_security="none",
        mail_from="Lincoln Schools <portal@example.org>",
        **others,
    )
