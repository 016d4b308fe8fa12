"""One conversation with a mail server, that says when the message is about to be read."""

import smtplib
from collections.abc import Callable

#: The answer to DATA: the message may come.
GO_ON = 354

#: Seconds to wait for the yes to a message that was read: the server may be looking for viruses in it.
LAST_STEP = 200

HandOver = Callable[[], None]


class Conversation(smtplib.SMTP):
    """Says when the mail server is about to read the message, and knows whether it has begun."""

    hand_over: HandOver = staticmethod(lambda: None)
    has_begun_to_read = False

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
    """The same, encrypted from its first word."""
