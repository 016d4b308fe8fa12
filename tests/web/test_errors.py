"""What a person sees when the disk is full, the database is gone or the code is wrong; and what stays whole."""

import resource
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import URL, NullPool, create_engine, make_url, text

from portal import db
from portal.config import Settings
from portal.models import Student
from tests import elsewhere, rows
from tests.apps import another, meanwhile
from tests.browsing import post, token
from tests.conftest import client_of

COUNT = "SELECT count(*) FROM events WHERE kind = 'wrong code tried'"
BREAK_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
#: A reason as long as a page of SQLite.
LONG = "x" * 4096


@pytest.fixture
def portal(app: Flask, settings: Settings) -> Iterator[Flask]:
    with another(settings) as further:
        yield further


@pytest.fixture
def stranger(portal: Flask) -> FlaskClient:
    return portal.test_client()


@pytest.fixture
def ottos(portal: Flask, mia: Student) -> FlaskClient:
    """The browser of somebody at the school's office."""
    return client_of(portal, rows.staff(mia.school))


def test_what_returns_is_kept(stranger: FlaskClient):
    assert post(stranger, "/edges/forms/returned").status_code == 200
    assert elsewhere.read(COUNT) == 1


@pytest.mark.parametrize(("ending", "status"), [("refused", 409), ("crashed", 500)])
def test_what_raises_leaves_nothing_and_says_so(stranger: FlaskClient, ending: str, status: int):
    answer = post(stranger, f"/edges/forms/{ending}")

    assert answer.status_code == status
    assert elsewhere.read(COUNT) == 0


def test_a_crash_says_that_nothing_was_changed(stranger: FlaskClient):
    assert "Nothing was changed" in post(stranger, "/edges/forms/crashed").text


def test_a_crash_after_saving_does_not_say_that_nothing_was_changed(stranger: FlaskClient):
    answer = post(stranger, "/edges/forms/crashed-after-saving")

    assert answer.status_code == 500
    assert "Nothing was" not in answer.text
    assert "look whether it was saved" in answer.text
    assert elsewhere.read(COUNT) == 1


def test_a_refusal_is_said_in_the_words_of_the_rule(stranger: FlaskClient):
    assert "The rules say no." in post(stranger, "/edges/forms/refused").text


def test_a_part_gets_a_part(stranger: FlaskClient):
    answer = post(stranger, "/edges/forms/refused", htmx=True)

    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "The rules say no." in answer.text


def test_an_error_page_keeps_who_is_signed_in_out_of_the_log(
    ottos: FlaskClient, capsys: pytest.CaptureFixture[str]
):
    post(ottos, "/edges/forms/crashed")

    said = capsys.readouterr()
    assert "ZeroDivisionError" in said.err
    assert "otto" not in (said.err + said.out).lower()


@pytest.mark.parametrize("kind", ["full database", "full disk"])
def test_a_full_disk_never_lies(ottos: FlaskClient, mia: Student, kind: str):
    if db.db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite's files can be filled up from here")
    address = f"/edges/students/{mia.public_id}"

    with FULL[kind](ottos.application):
        saved = [post(ottos, "/edges/forms/returned", reason=LONG).status_code for _time in range(12)]
        assert set(saved) <= {200, 503}
        assert saved[-1] == 503, "it is full by now"
        refused = post(ottos, "/edges/forms/returned", reason=LONG)
        assert "Nothing was saved" in refused.text
        assert refused.headers["Retry-After"] == "60"
        assert ottos.get(address).text == mia.name, "reading goes on"
        assert ottos.get("/healthz").status_code == 200
        assert elsewhere.read(COUNT) == saved.count(200), "what was acknowledged is stored, and no more"

    assert post(ottos, "/edges/forms/returned").status_code == 200
    assert elsewhere.read("PRAGMA integrity_check") == "ok"


def test_a_database_that_is_gone_is_said_to_be_and_comes_back(ottos: FlaskClient, stranger: FlaskClient):
    token(stranger)
    with gone(ottos.application):
        answers = [ottos.get("/students"), ottos.get("/family"), stranger.get("/healthz")]
        assert [answer.status_code for answer in answers] == [503, 503, 503]
        assert all("Nothing was saved" in answer.text for answer in answers)
        assert ottos.get("/no-such-page").status_code == 404

    assert ottos.get("/students").status_code == 200
    assert stranger.get("/healthz").status_code == 200


def test_a_connection_that_breaks_while_a_page_is_made_costs_that_page_only(ottos: FlaskClient, mia: Student):
    if db.db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection that could break")
    address = f"/edges/students/{mia.public_id}"
    disconnect(ottos.application)
    meanwhile.append(lambda: elsewhere.read(BREAK_ALL))

    assert ottos.get(address).status_code == 503
    assert ottos.get(address).status_code == 200


def test_a_database_that_goes_while_a_page_is_made_is_said_to_be_gone(ottos: FlaskClient, mia: Student):
    address = f"/edges/students/{mia.public_id}"
    disconnect(ottos.application)

    with ExitStack() as stack:
        meanwhile.append(lambda: stack.enter_context(gone(ottos.application)))
        answer = ottos.get(address)

    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text
    assert ottos.get(address).status_code == 200


@contextmanager
def full_database(portal: Flask) -> Iterator[None]:
    """SQLite itself says that there is no further page to be had."""
    with portal.app_context():
        most = pragma("max_page_count")
        pragma(f"max_page_count = {pragma('page_count')}")
        try:
            yield
        finally:
            pragma(f"max_page_count = {most}")


def pragma(asked: str) -> int:
    with db.db.engine.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {asked}").scalar_one())


@contextmanager
def full_disk(portal: Flask) -> Iterator[None]:
    """The operating system lets no file grow beyond the size that the database's log has soon."""
    usual, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = Path(f"{portal.extensions['settings'].database.removeprefix('sqlite:///')}-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 16_384, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, hard))


FULL = {"full database": full_database, "full disk": full_disk}


@contextmanager
def gone(portal: Flask) -> Iterator[None]:
    """Nobody can connect to the database, and whoever was connected is not any more."""
    disconnect(portal)
    way = no_file if db.db.engine.dialect.name == "sqlite" else no_admission
    with way(make_url(portal.extensions["settings"].database)):
        yield
    disconnect(portal)


@contextmanager
def no_file(url: URL) -> Iterator[None]:
    file = Path(url.database or "")
    aside = file.rename(f"{file}.aside")
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


@contextmanager
def no_admission(url: URL) -> Iterator[None]:
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
        yield
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))


def disconnect(portal: Flask) -> None:
    db.session.rollback()
    for app in (portal, current_app._get_current_object()):
        with app.app_context():
            for engine in db.db.engines.values():
                engine.dispose()
