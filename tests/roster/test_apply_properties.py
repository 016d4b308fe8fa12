"""Whatever is wrong with a roster: the preview tells the truth, applying it works or changes nothing, twice is once."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import db
from portal.roster.apply import apply, preview
from portal.roster.importer import Importer
from portal.roster.outcome import ImportSummary
from portal.roster.problems import NotARoster
from tests.roster.bundles import BUNDLE, MANIFEST, as_folder, bundle
from tests.roster.test_oneroster import ROLES, USERS_OF_1_2

#: What stands in the cells of the bundles, so that lines refer to wrong people, classes and schools, or to none.
CELLS = st.sampled_from(
    [
        "", "mia", "noah", "ada", "grace", "lincoln", "adams", "district", "room-2a", "math-6", "year-27", "e1", "t1",
        "student", "teacher", "guardian", "principal", "school", "homeroom", "tobedeleted", "active", "2026-09-01",
        "2019-01-01", "ada@riverbend.example", "ben@riverbend.example", "LIN", "ADA", "x" * 300, "2027", "07",
        "é\u202e",
    ]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20), CELLS), min_size=1, max_size=8)
FILES = st.sampled_from(sorted(set(BUNDLE) - {"manifest.csv"}))
ONE_BY_ONE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class _Enough(Exception):
    """Ends a transaction that is not meant to stay."""


@contextmanager
def tried() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    try:
        with db.writing():
            yield
            raise _Enough
    except _Enough:
        db.session.remove()


def changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    for line, column, cell in changes:
        row = lines[1 + line % (len(lines) - 1)]
        row[column % len(row)] = cell
    return "\n".join(map(",".join, lines))


def applied(files: dict[str, str | bytes]) -> ImportSummary:
    with tempfile.TemporaryDirectory() as folder:
        path = as_folder(Path(folder), files)
        said = preview(path, Importer.operator())
        done = apply(path, Importer.operator(), override=True)
    assert done.counts == said.counts
    assert done.problems == said.problems
    return done


@pytest.fixture
def imported_before(imported):
    imported(bundle())


@given(FILES, CHANGES)
@ONE_BY_ONE
def test_a_first_roster_with_wrong_cells(app, name, changes):
    with tried():
        files = bundle() | {name: changed(BUNDLE[name], changes)}
        applied(files)

        assert applied(files).changes == 0


@given(FILES, CHANGES, st.booleans())
@ONE_BY_ONE
def test_a_later_roster_with_wrong_cells(imported_before, name, changes, is_delta):
    manifest = MANIFEST.replace("bulk", "delta") if is_delta else MANIFEST
    with tried():
        files = bundle(manifest=manifest) | {name: changed(BUNDLE[name], changes)}
        applied(files)

        assert applied(files).changes == 0


@given(CHANGES, CHANGES)
@ONE_BY_ONE
def test_roles_with_wrong_cells(imported_before, in_users, in_roles):
    with tried():
        files = bundle(users=changed(USERS_OF_1_2, in_users), roles=changed(ROLES, in_roles))
        applied(files)

        assert applied(files).changes == 0


@given(FILES, st.binary(max_size=60), st.integers(0, 3_000))
@ONE_BY_ONE
def test_a_roster_with_wrong_bytes(imported_before, name, piece, place):
    text = BUNDLE[name].encode()
    place %= len(text)
    with tried():
        try:
            applied(bundle() | {name: text[:place] + piece + text[place:]})
        except NotARoster:
            return
