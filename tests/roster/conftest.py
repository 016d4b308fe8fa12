"""Ways to hand a roster to the readers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.roster.apply import Summary, apply
from portal.roster.archive import opened
from portal.roster.importer import Importer
from portal.roster.oneroster import OneRoster
from portal.roster.problems import Problems
from tests.roster.bundles import as_folder

TODAY = date(2026, 11, 22)


class Reading:
    """Everything a bundle says, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.problems = Problems()
        with opened(path) as sources:
            roster = OneRoster(sources, self.problems, lambda _: None, TODAY)
            self.files = {
                "orgs": roster.orgs,
                "sessions": roster.sessions,
                "classes": roster.classes,
                "users": roster.users,
                "enrolments": roster.enrolments,
            }
            self.rows: dict[str, dict[str, Any]] = {
                name: {row.source_id: row for row in file} for name, file in self.files.items()
            }

    @property
    def sentences(self) -> dict[str, str]:
        return {problem.place: problem.sentence for problem in self.problems}


@pytest.fixture
def read(tmp_path: Path) -> Callable[[dict[str, str | bytes]], Reading]:
    def read_bundle(files: dict[str, str | bytes]) -> Reading:
        folder = tmp_path / "bundle"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return Reading(folder)

    return read_bundle


@pytest.fixture
def imported(app: Flask, tmp_path: Path) -> Callable[..., Summary]:
    """Apply files as the operator; each call is another roster."""
    number = iter(range(100))

    def apply_files(files: dict[str, str | bytes], **options: Any) -> Summary:
        return apply(as_folder(tmp_path / str(next(number)), files), Importer.operator(), **options)

    return apply_files
