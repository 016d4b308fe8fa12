"""What the server knows of an address before it hands a request on: its lane, and how large the request may be."""

from flask import Flask
from flask.sessions import NullSession, SessionMixin
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from portal.app import LARGEST_REQUEST
from portal.web.browser_session import TOKEN
from portal.web.guard import READS
from portal.web.lanes import Lane

#: Bytes of an upload that are not the file: the other fields and their separators.
AROUND_A_FILE = 1 << 16


class Addresses:
    """The addresses of the application, with what their views say about lanes."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._map = app.url_map.bind("")
        self._largest_upload: int = app.extensions["settings"].largest_upload + AROUND_A_FILE

    def lane_of(self, method: str, path: str) -> Lane:
        """Return the lane of a request. A page whose form takes long is itself quickly read."""
        usual = Lane.PAGES if method in READS else Lane.ACTS
        try:
            rule, _arguments = self._map.match(path, method, return_rule=True)
        except (HTTPException, RequestRedirect):
            return usual
        if method in READS and not _is_only_read(rule):
            return usual
        return getattr(self._app.view_functions[rule.endpoint], "lane", None) or usual

    def largest(self, lane: Lane) -> int:
        """Return how many bytes the body of a request in that lane may have."""
        return self._largest_upload if lane is Lane.UPLOADS else LARGEST_REQUEST

    def is_signed_in(self, cookies: str) -> bool:
        """Whether the cookies name a sign-in and are ours. Whether it still holds is seen by the guard."""
        return bool(self._session(cookies).get(TOKEN))

    def are_of_staff(self, cookies: str) -> bool:
        """Whether the cookies name a sign-in of staff, and are ours; likewise. That of a guardian is permanent."""
        session = self._session(cookies)
        return bool(session.get(TOKEN)) and not session.permanent

    def _session(self, cookies: str) -> SessionMixin:
        request = self._app.request_class({"HTTP_COOKIE": cookies})
        return self._app.session_interface.open_session(self._app, request) or NullSession()


def _is_only_read(rule: Rule) -> bool:
    return (rule.methods or set()) <= READS
