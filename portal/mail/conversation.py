"""A connection to a mail server that reports when the server is about to read the message."""

import smtplib
from collections.abc import Callable

#: The server's reply to DATA: it waits for the message.
GO_ON = 354

#: Seconds to wait for the reply to a message, which the server may be scanning for viruses.
LAST_STEP = 200

HandOver = Callable[[], None]


class Conversation(smtplib.SMTP):
    """An SMTP connection that calls `hand_over` before the server reads the message.

    `has_begun_to_read` is set once the server has asked for the message: without a reply after that, nobody knows
    whether it was accepted.
    """

    hand_over: HandOver = staticmethod(lambda: None)
    has_begun_to_read = False

    # Names are those of smtplib.
    def putcmd(self, cmd: str, args: str = "") -> None:
        if cmd == "data":
            self.hand_over()
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        reply = super().getreply()
        if reply[0] == GO_ON:
            self.has_begun_to_read = True
            if self.sock:
                self.sock.settimeout(LAST_STEP)
        return reply


class SecretConversation(Conversation, smtplib.SMTP_SSL):
    """The same over TLS from the beginning."""
