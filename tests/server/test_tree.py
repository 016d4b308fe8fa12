"""The processes of an installation: one parent, whose children are forked anew when they die and end when it does."""

import multiprocessing
import os
import signal
import socket
from contextlib import ExitStack
from multiprocessing.connection import Connection

import pytest
from flask import Flask
from sqlalchemy import text

from portal import db
from portal.app import create_app
from portal.server.tree import ChildProcess, ProcessType, Tree
from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, run
from tests.server.serving import PATIENCE, Served, has_ended, read_answer, served

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures

HEALTHY = (200, b'{"status":"ok"}\n')


def test_one_command_runs_web_workers_and_the_worker(installed: Run):
    with served(PORTAL_WORKERS="2") as portal:
        assert portal.get() == HEALTHY
        portal.child("worker")
        assert len(portal.children("portal-web")) == 2


def test_the_worker_can_run_elsewhere(installed: Run):
    with served("--without-worker", PORTAL_WORKERS="1") as portal:
        assert portal.get() == HEALTHY
        assert portal.children() == {portal.child("web"), portal.child("printing")}


def test_a_process_that_dies_is_forked_anew(installed: Run):
    with served(PORTAL_WORKERS="1") as portal:
        for role in ("web", "worker", "printing"):
            first = portal.child(role)
            os.kill(first, signal.SIGKILL)
            assert portal.child(role, but=first)
            assert portal.get() == HEALTHY


def test_when_the_parent_is_killed_no_child_keeps_the_port(installed: Run):
    with served(PORTAL_WORKERS="2") as portal:
        portal.get()
        children = portal.children() | {portal.child("worker")}
        portal.tell(signal.SIGKILL)
        portal.ends()
        assert all(has_ended(child) for child in children)
        with socket.create_server(("127.0.0.1", portal.port)):
            pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_with_all_children(installed: Run, number: signal.Signals):
    with served(PORTAL_WORKERS="1") as portal:
        portal.get()
        children = portal.children() | {portal.child("worker")}
        portal.tell(number)
        assert portal.ends() == 0
        assert all(has_ended(child) for child in children)


def test_a_child_that_is_told_to_end_before_it_listens_ends_all_the_same():
    fork = multiprocessing.get_context("fork")
    told, tell = fork.Pipe(duplex=False)
    parent = fork.Process(target=_run_a_tree_whose_children_are_told_at_once, args=[tell])
    parent.start()
    try:
        assert told.poll(PATIENCE)
    finally:
        parent.terminate()
        parent.join()


def _run_a_tree_whose_children_are_told_at_once(tell: Connection) -> None:
    def work(child: ChildProcess) -> None:
        while child.alive:
            child.wait(1)
        tell.send("ended")

    with socket.create_server(("127.0.0.1", 0)) as port:
        tree = Tree(Flask("nothing"), [ProcessType("brief", 1, work)], [port])
        tree.cfg.set("post_fork", lambda _tree, _child: os.kill(os.getpid(), signal.SIGTERM))
        tree.run()


def test_a_request_that_has_begun_is_answered_before_the_end(installed: Run):
    with served(PORTAL_WORKERS="1") as portal, portal.connect() as browser:
        portal.get()
        web = portal.child("web")
        _begin_a_request(portal, browser)
        portal.tell(signal.SIGTERM)
        browser.sendall(b"\r\n")
        assert read_answer(browser) == HEALTHY
        assert portal.ends() == 0
        assert has_ended(web)


def test_sighup_replaces_every_child_and_keeps_the_port(installed: Run):
    with served(PORTAL_WORKERS="1") as portal, portal.connect() as browser:
        portal.get()
        before = portal.child("web"), portal.child("worker")
        _begin_a_request(portal, browser)
        portal.tell(signal.SIGHUP)
        browser.sendall(b"\r\n")
        assert read_answer(browser) == HEALTHY
        assert all(has_ended(child) for child in before)
        assert portal.get() == HEALTHY
        assert portal.child("worker", but=before[1])


def test_slow_connections_stop_nobody(installed: Run):
    with served(PORTAL_WORKERS="2") as portal, ExitStack() as open_ones:
        for _connection in range(64):
            slow = open_ones.enter_context(portal.connect())
            slow.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nx")
        assert [portal.get("/sign-in")[0] for _page in range(20)] == [200] * 20


def _begin_a_request(portal: Served, browser: socket.socket) -> None:
    """Send all but the last line of a request, after one that was answered: this connection is a web worker's."""
    browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert read_answer(browser) == HEALTHY
    browser.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    portal.get()  # its worker has read what came before


def test_a_forked_process_makes_connections_of_its_own(installed: Run):
    """As under a server that loads the application before it forks its workers."""
    app = create_app()
    with app.app_context():
        db.session.execute(text("SELECT 1"))
        before = [
            db.db.engines[name].pool.checkedin() + db.db.engines[name].pool.checkedout()
            for name in db.db.engines
        ]
        child = multiprocessing.get_context("fork").Process(target=_use_no_inherited_connection)
        child.start()
        child.join()
        db.session.remove()
        for engine in db.db.engines.values():
            engine.dispose()
    assert any(before)
    assert child.exitcode == 0


def _use_no_inherited_connection() -> None:
    pools = [engine.pool.checkedin() for engine in db.db.engines.values()]
    os._exit(sum(pools))
