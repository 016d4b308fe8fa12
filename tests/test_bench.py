"""What the benches measure against is still there to be measured."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.__main__ import NAMES
from bench.rig import processes
from bench.rig.bare import bare_import
from bench.rig.bundle import write_bundle
from bench.rig.empty import empty_portal
from bench.rig.report import Report, figures_from, print_table
from portal.config import Settings
from portal.crypto import keys
from portal.crypto.key_ring import KeyRing
from portal.roster.apply import apply
from portal.roster.importer import Importer

TABLES = ("schools", "classes", "students", "contacts", "accounts", "enrolments", "teaching_assignments")


@pytest.fixture
def _own_keys_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bench makes portals on SQLite with keys of their own; the tests that follow need theirs."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield
    keys.use(KeyRing.load(settings.key_ring))


@pytest.mark.usefixtures("_own_keys_again")
def test_the_bare_import_writes_as_many_rows_as_ours(tmp_path: Path):
    bundle = write_bundle(tmp_path / "bundle", 40)
    with empty_portal() as (_app, bare):
        bare_import(bundle, bare)
        expected = _rows(bare)

    with empty_portal() as (app, database), app.app_context():
        apply(bundle, Importer.operator())
        imported = _rows(database)

    assert imported == expected
    assert all(expected.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_bench_runs_at_its_smallest_size(name: str):
    command = [sys.executable, "-m", "bench", "--json", "--smallest", name]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)

    assert run.returncode in (0, 1), run.stderr
    assert figures_from(run.stdout), run.stderr


def test_figures_are_judged_and_told_as_a_table(capsys: pytest.CaptureFixture[str]):
    report = Report(as_json=True)
    report.at_most("pages", 24.6, 25)
    report.at_least("letters", 12_345, 20_000)
    report.told("sum", 7)
    figures = figures_from(capsys.readouterr().out)

    assert report.is_short
    assert figures == report.figures
    assert not print_table([[figure] for figure in figures])
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| pages | 24.6 | 24.6 – 24.6 | ≤25 | ok |",
        "| letters | 12,345 | 12,345 – 12,345 | ≥20000 | SHORT |",
        "| sum | 7 | 7 – 7 | – | ok |",
    ]


def test_memory_and_descendants_are_read_of_the_process_itself():
    with subprocess.Popen(["sleep", "600"]) as child:
        try:
            assert child.pid in processes.family([os.getpid()])
            assert all(read(child.pid) > 0 for read in (processes.private, processes.peak))
            assert processes.pss([child.pid]) > 0
        finally:
            child.kill()
    assert processes.pss([child.pid]) == 0


def _rows(database: Path) -> dict[str, int]:
    with sqlite3.connect(database) as connection:
        return {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
