"""The queue is a file, PostgreSQL or Redis: what is left in one process is found by another."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from huey import Huey

from portal.config import Settings, WrongSettings
from portal.worker.queues import queue_errors, queue_for

REDIS = shutil.which("redis-server")


@pytest.fixture(params=["file", "postgresql", "redis"])
def chosen(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Settings:
    """Settings for each queue that this machine has."""
    queue = "" if request.param == "file" else request.getfixturevalue(request.param)
    return replace(settings, home=tmp_path, queue=queue)


@pytest.fixture
def postgresql(_application: object, settings: Settings) -> str:
    if not settings.database.startswith("postgresql"):
        pytest.skip("DATABASE_URL is not PostgreSQL")
    return settings.database.replace("+psycopg", "")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    if REDIS is None or find_spec("redis") is None:
        pytest.skip("there is no redis-server or no package redis here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [REDIS, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("Ready to accept connections" in line for line in process.stdout)
        yield f"redis://127.0.0.1:{port}/0"
        process.terminate()


def test_what_one_process_leaves_another_does(chosen: Settings):
    done: list[int] = []
    web, worker = queue_for(chosen), queue_for(chosen)
    leave = web.task(name="work")(done.append)
    worker.task(name="work")(done.append)

    leave(7)
    worker.execute(worker.dequeue())

    assert done == [7]
    close(web, worker)


def test_an_empty_queue_gives_nothing(chosen: Settings):
    queue = queue_for(chosen)
    queue.storage.blocking = False

    assert queue.dequeue() is None
    close(queue)


@pytest.mark.parametrize(
    "address", ["postgresql://ada:geheim@127.0.0.1:{port}/none", "redis://:geheim@127.0.0.1:{port}/0"]
)
def test_a_queue_out_of_reach_is_named_without_its_password(settings: Settings, address: str):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    with pytest.raises(WrongSettings) as refusal:
        queue_for(replace(settings, queue=address.format(port=port)))

    assert str(refusal.value).startswith("PORTAL_QUEUE: ")
    assert "geheim" not in str(refusal.value)


def test_leaving_work_in_a_file_does_not_wait_for_the_disk(settings: Settings, tmp_path: Path):
    queue = queue_for(replace(settings, home=tmp_path, queue=""))

    [is_synced] = queue.storage.conn.execute("PRAGMA synchronous").fetchone()

    assert is_synced == 1  # NORMAL: the file stays whole, and what it loses the sweep finds
    close(queue)


def test_a_lost_queue_is_a_trouble_that_stops_nobody(chosen: Settings):
    assert all(issubclass(error, Exception) for error in queue_errors(chosen))


def close(*queues: Huey) -> None:
    for queue in queues:
        queue.flush()
        if hasattr(queue.storage, "close"):
            queue.storage.close()
