"""A request as it comes in: refused as soon as its head, its size or its pace says that it should be."""

import re
import time
from typing import TYPE_CHECKING, NamedTuple

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

from portal.web.lanes import Lane

if TYPE_CHECKING:
    from portal.server.web import Server

#: Seconds in which the head of a request has to come.
SECONDS_FOR_HEAD = 20

#: A body has to bring this many bytes a second, in each of the periods of so many seconds.
BYTES_A_SECOND = 1000
PERIOD = 20

#: The greatest number of bytes from somebody who is not signed in, and has only a short form to fill in.
LARGEST_OF_STRANGERS = 1 << 16

#: Large uploads that a web worker reads at once.
UPLOADS_AT_ONCE = 4

#: Bytes in chunks that are read at once. For each chunk the rest is copied, and a chunk may have a single byte.
PIECE = 1 << 12

_FRAMING = re.compile(rb"^(content-length|transfer-encoding):", re.IGNORECASE | re.MULTILINE)


class Rejection(NamedTuple):
    """The status with which a request is refused, on a page in the portal's words."""

    status: int


class _HeadTimeout(Error):
    code = 408
    reason = "Request Timeout"


class IncomingRequest(HTTPRequestParser):
    """A request that is being read. It is `completed` when it has come, or is refused by its `error`."""

    completed: bool = False
    error: Error | Rejection | None = None

    def __init__(self, server: "Server", adjustments: Adjustments) -> None:
        super().__init__(adjustments)
        self.lane = Lane.PAGES
        self.is_large = False
        self._server = server
        self._largest: int | None = None
        self._since = time.monotonic()
        self._had = 0

    def received(self, received: bytes) -> int:
        """Read on, and return how many bytes belong to this request, or are thrown away because they came too soon."""
        consumed = int(super().received(received[:PIECE] if self.chunked else received))
        if self.headers_finished and self._largest is None and not (self.error or self.empty):
            self._judge()
        if self._largest is not None and max(self.content_length, self.body_bytes_received) > self._largest:
            self.refuse(413)
        if self.completed:
            self.expect_continue = False  # there is nothing to continue with
        if self.completed and not self.empty and consumed < len(received):
            return self._be_the_last(received)
        return consumed

    def _be_the_last(self, received: bytes) -> int:
        """End the connection with the answer, and throw away what was sent before it.

        Browsers and proxies wait for an answer before they ask again. A thousand requests in one go would be as many
        answers in memory, for somebody who reads none of them.
        """
        self.headers["CONNECTION"] = "close"
        self.connection_close = True
        return len(received)

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head. Raises ParsingError where it has no meaning, or proxies might see another end of the body."""
        framing = {name.lower() for name in _FRAMING.findall(header_plus)}
        try:
            super().parse_header(header_plus)
        except ValueError:  # an address, or a length of thousands of digits, that Python does not read
            raise ParsingError("Start line or Content-Length is invalid") from None
        if b"transfer-encoding" in framing and (len(framing) > 1 or not self.chunked):
            raise ParsingError("Both Content-Length and Transfer-Encoding, or an encoding that is not known")

    def refuse(self, status: int) -> None:
        """Read no more of it; it is to be answered with that status."""
        self.error = Rejection(status)
        self.completed = True
        self.expect_continue = False

    def refuse_if_slow(self, now: float) -> None:
        """Refuse it when at `now`, of the monotonic clock, it has not brought what it should have."""
        if not self.headers_finished:
            if now - self._since > SECONDS_FOR_HEAD:
                self.error, self.completed = _HeadTimeout("The request did not come."), True
        elif now - self._since > PERIOD:
            if self.body_bytes_received - self._had < BYTES_A_SECOND * PERIOD:
                self.refuse(408)
            self._since, self._had = now, self.body_bytes_received

    def _judge(self) -> None:
        """Find the lane and the largest size, once the head has come. Only who is signed in may send much."""
        self._since = time.monotonic()
        addresses = self._server.addresses
        self.lane = addresses.lane_of(self.command, self.path.encode("latin-1").decode(errors="replace"))
        self._largest = LARGEST_OF_STRANGERS
        if self.content_length <= self._largest and not self.chunked:
            return
        cookies = self.headers.get("COOKIE", "")
        if not addresses.is_signed_in(cookies):
            return
        self._largest = usual = addresses.largest(Lane.ACTS)
        if self.lane is not Lane.UPLOADS or (self.content_length <= usual and not self.chunked):
            return
        if addresses.are_of_staff(cookies):
            self._be_large(addresses.largest(self.lane))

    def _be_large(self, largest: int) -> None:
        self._largest = largest
        self.is_large = True
        if self._server.large_uploads() > UPLOADS_AT_ONCE:
            self.refuse(503)
