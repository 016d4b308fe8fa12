"""Parse manifest.csv, which says of each other file whether it is complete or holds changes only."""

from collections.abc import Mapping

from portal.roster.archive import Source
from portal.roster.columns import Columns
from portal.roster.problems import Problems
from portal.roster.rows import Mode
from portal.roster.table import Table
from portal.text.language import gettext as _

COLUMNS = Columns(("propertyName", "value"), required=frozenset({"propertyName", "value"}))

#: How the version numbers of OneRoster 1.0, 1.1 and 1.2 begin in their various spellings.
VERSIONS = ("1.0", "1.1", "1.2", "1p0", "1p1", "1p2", "v1p")


def modes(sources: Mapping[str, Source], problems: Problems) -> dict[str, Mode]:
    """Return the mode of each file of the roster, by lower-case name; report what does not fit the manifest."""
    said = _read_manifest(sources, problems)
    _check_version(said.get("oneroster.version", ""), sources, problems)
    for name in sources.keys() - {"manifest"}:
        _check(said.get(f"file.{name}"), sources[name].name, problems)
    _remark_missing(said, sources, problems)
    return {name: _mode(said.get(f"file.{name}", "")) for name in sources}


def _read_manifest(sources: Mapping[str, Source], problems: Problems) -> dict[str, str]:
    if "manifest" not in sources:
        problems.remark("manifest.csv", 0, "", _("It is missing: every file was taken as complete (bulk)."))
        return {}
    table = Table(sources["manifest"], COLUMNS, problems)
    return {name.lower(): value.lower() for _line, (name, value) in table}


def _check_version(version: str, sources: Mapping[str, Source], problems: Problems) -> None:
    if version and not version.startswith(VERSIONS):
        sentence = _("OneRoster %(version)s is not known; it was read as 1.2.", version=version[:20])
        problems.remark(sources["manifest"].name, 0, "oneroster.version", sentence)


def _check(said: str | None, file: str, problems: Problems) -> None:
    if said == Mode.ABSENT:
        problems.reject(file, 0, "", _("manifest.csv says this file is absent, so it was not used."))
    elif said is not None and said not in set(Mode):
        problems.remark(
            file, 0, "", _("manifest.csv does not say bulk or delta; it was taken as complete (bulk).")
        )


def _remark_missing(said: Mapping[str, str], sources: Mapping[str, Source], problems: Problems) -> None:
    for name in ("orgs", "academicSessions", "classes", "users", "roles", "enrollments"):
        if said.get(f"file.{name.lower()}") in (Mode.BULK, Mode.DELTA) and name.lower() not in sources:
            problems.remark(f"{name}.csv", 0, "", _("manifest.csv names this file, but it is not here."))


def _mode(said: str) -> Mode:
    return Mode(said) if said in set(Mode) else Mode.BULK
