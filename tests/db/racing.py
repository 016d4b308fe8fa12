"""Real processes, each with the application and a browser, that send a request at the same moment."""

from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple, Self

from flask.testing import FlaskClient

from portal import db
from portal.app import create_app
from portal.config import Settings
from portal.crypto import passwords
from tests.browsing import Browser, post, token

#: In seconds: whoever takes longer to come to the start has crashed.
PATIENCE = 60

#: Each begins without a connection or a thread of ours, where the application is imported already.
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__])


class Request(NamedTuple):
    """A form to be sent by whoever holds that sign-in, and what their browser did before."""

    path: str
    fields: dict[str, str]
    sign_in: str | None = None
    before: tuple[str, dict[str, str]] | None = None


class Answer(NamedTuple):
    status: int
    goes_to: str


class Racers:
    """So many processes, waiting for requests; booting them takes seconds, a race takes a moment."""

    def __init__(self, settings: Settings, number: int) -> None:
        self._start = PROCESSES.Barrier(number)
        self._lines, self._processes = [], []
        for _runner in range(number):
            line, far_end = PROCESSES.Pipe()
            process = PROCESSES.Process(target=_run, args=(settings, self._start, far_end), daemon=True)
            process.start()
            far_end.close()
            self._lines.append(line)
            self._processes.append(process)

    def race(self, requests: Sequence[Request]) -> list[Answer]:
        """Send all of them at once, one from each process; the answers in the same order."""
        self._start.reset()
        for line, request in zip(self._lines, requests, strict=True):
            line.send(request)
        answers = [line.recv() for line in self._lines]
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for line, process in zip(self._lines, self._processes, strict=True):
            process.kill()
            process.join()
            line.close()


def application(settings: Settings) -> Any:
    """As a web worker boots it, with cheap passwords."""
    passwords.use_cost(1, 8)
    app = create_app(settings)
    app.test_client_class = Browser
    return app


def _run(settings: Settings, start: Barrier, line: Connection) -> None:
    app = application(settings)
    while True:
        answer = _answer(app.test_client(), line.recv(), start)
        with app.app_context():
            for engine in db.db.engines.values():
                engine.dispose()
        line.send(answer)  # only now: the test may put the database back as soon as it knows


def _answer(browser: FlaskClient, request: Request, start: Barrier) -> Answer | Exception:
    try:
        return _send(browser, request, start)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test is to show it
        start.abort()
        return error


def _send(browser: FlaskClient, request: Request, start: Barrier) -> Answer:
    if request.sign_in:
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = request.sign_in
    if request.before:
        path, fields = request.before
        assert post(browser, path, **fields).status_code == 303, path
    form = {"csrf_token": token(browser), **request.fields}
    start.wait(PATIENCE)
    response = browser.post(request.path, data=form)
    return Answer(response.status_code, response.location or "")
