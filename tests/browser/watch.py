"""What a browser complains of while nobody looks."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

#: The browser's own line about an answer that the tests ask for: a refusal, a page that is not there.
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d ")

#: On the console, where the watch hears it.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`The policy ${violatedDirective} was broken by ${blockedURI}`))
"""


class Watch:
    """Gathers errors, broken policies and requests to strangers from every context it is shown."""

    def __init__(self, host: str) -> None:
        self.complaints: list[str] = []
        self._host = host

    def over(self, context: BrowserContext) -> BrowserContext:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._hear)
        context.on("weberror", self._note_error)
        context.on("request", self._follow)
        return context

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _follow(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self._host:
            self.complaints.append(f"asked {address.netloc} for {address.path}")
