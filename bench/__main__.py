"""`bin/bench [NAME …]`: one line a figure: name, value, goal, ok or SHORT. Exit status 1 when one is short."""

import argparse
import importlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.rig import profiling
from bench.rig.report import Figure, Report, complain, figures_from, print_table
from bench.rig.scale import FULL, QUICK, SMALLEST

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main() -> int:
    """Run the named benches, or all of them."""
    asked = _arguments()
    if asked.runs:
        return _run_often(asked.names, asked.runs, asked.scale.name)
    report = Report(as_json=asked.json)
    if asked.profile:
        profiling.begin()
    for name in asked.names:
        importlib.import_module(f"bench.{name}").run(report, asked.scale)
    profiling.print_sections()
    return 1 if report.is_short else 0


def _run_often(names: Sequence[str], runs: int, scale: str) -> int:
    """Run each bench so many times in processes of their own, and print medians and spread as a table."""
    found: dict[str, list[Figure]] = {}
    for number in range(1, runs + 1):
        for name in names:
            complain(f"run {number} of {runs}: {name}")
            for figure in _run_apart(name, scale):
                found.setdefault(figure.name, []).append(figure)
    return 0 if print_table(list(found.values())) else 1


def _run_apart(name: str, scale: str) -> list[Figure]:
    command = [sys.executable, "-m", "bench", "--json", f"--{scale}", name]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if run.returncode not in (0, 1):
        complain(f"{name} failed")
    return figures_from(run.stdout)


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    scales = words.add_mutually_exclusive_group()
    for scale in (FULL, QUICK, SMALLEST):
        scales.add_argument(f"--{scale.name}", dest="scale", action="store_const", const=scale)
    words.add_argument(
        "--runs", type=int, help="run so many times; medians and spread as a table in Markdown"
    )
    words.add_argument("--profile", action="store_true", help="say where the time went; measures quickly")
    words.add_argument("--json", action="store_true", help="print figures for programs")
    asked = words.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        words.error(f"there is no bench called {', '.join(sorted(unknown))}")
    asked.names = asked.names or NAMES
    asked.scale = asked.scale or (QUICK if asked.profile else FULL)
    return asked


if __name__ == "__main__":
    sys.exit(main())
