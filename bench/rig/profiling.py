"""Where the time went: by section of a bench, by package and by function. Off unless `begin` was called."""

import cProfile
import pstats
import sysconfig
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: How many packages and functions are told.
PACKAGES, FUNCTIONS = 15, 25

_sections: dict[str, cProfile.Profile] | None = None
_ROOT = f"{Path(__file__).parent.parent.parent}/"
_SITE = f"{sysconfig.get_path('purelib')}/"
_STANDARD = f"{sysconfig.get_path('stdlib')}/"


def begin() -> None:
    """Profile every section from now on."""
    global _sections
    _sections = {}


@contextmanager
def section(name: str) -> Iterator[None]:
    """Profile the block, if profiling has begun, together with earlier blocks of that name."""
    if _sections is None:
        yield
        return
    profile = _sections.setdefault(name, cProfile.Profile())
    profile.enable()
    try:
        yield
    finally:
        profile.disable()


def print_sections() -> None:
    """Print where the time of each section went: in its own lines by package, and by function."""
    if _sections == {}:
        print("Nothing to profile: what it measures runs in processes of its own.")
    for name, profile in (_sections or {}).items():
        profile.create_stats()
        _print(name, pstats.Stats(profile).stats)  # type: ignore[attr-defined]


def _print(name: str, functions: dict[tuple[str, int, str], tuple[int, int, float, float, object]]) -> None:
    total = sum(times[2] for times in functions.values()) or 1.0
    packages: dict[str, float] = defaultdict(float)
    for (file, _line, _function), times in functions.items():
        packages[_package(file)] += times[2]
    print(f"\n== {name}: {total:.3f} seconds in {sum(times[1] for times in functions.values()):,} calls")
    for package, seconds in sorted(packages.items(), key=lambda item: -item[1])[:PACKAGES]:
        print(f"{seconds / total:>7.1%}  {package}")
    print(f"\n{'own':>7}  {'in all':>7}  {'calls':>9}  function")
    slowest = sorted(functions.items(), key=lambda item: -item[1][2])[:FUNCTIONS]
    ours = sorted(
        (item for item in functions.items() if item[0][0].startswith(f"{_ROOT}portal")),
        key=lambda item: -item[1][3],
    )
    for place, (_callers, calls, own, cumulative, _) in [*slowest, *ours[:FUNCTIONS]]:
        print(f"{own / total:>7.1%}  {cumulative / total:>7.1%}  {calls:>9,}  {_where(place)}")


def _package(file: str) -> str:
    """Return the name of the installed package, the folder of the portal, or what else it is."""
    if file.startswith(_SITE):
        return file.removeprefix(_SITE).split("/")[0].removesuffix(".py")
    if file.startswith(_ROOT):
        return ".".join(file.removeprefix(_ROOT).split("/")[:2]).removesuffix(".py")
    if file.startswith(_STANDARD):
        return "(standard library)"
    return "(templates)" if file == "<template>" or file.endswith(".html") else "(built in)"


def _where(place: tuple[str, int, str]) -> str:
    file, line, function = place
    for prefix in (_SITE, _ROOT, _STANDARD):
        file = file.removeprefix(prefix)
    return function if file == "~" else f"{file}:{line} {function}"
