"""`bin/bench [NAME …]`: one line a figure: name, value, goal, ok or SHORT. Exit status 1 when one is short."""

import argparse
import importlib
import sys
from pathlib import Path

from bench.rig import profiling
from bench.rig.report import Report
from bench.rig.scale import FULL, QUICK, SMALLEST

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))


def main() -> int:
    """Run the named benches, or all of them."""
    asked = _arguments()
    report = Report(as_json=asked.json)
    if asked.profile:
        profiling.begin()
    for name in asked.names or NAMES:
        importlib.import_module(f"bench.{name}").run(report, asked.scale)
    profiling.print_sections()
    return 1 if report.is_short else 0


def _arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    scale = words.add_mutually_exclusive_group()
    scale.add_argument("--quick", dest="scale", action="store_const", const=QUICK, default=FULL)
    scale.add_argument("--smallest", dest="scale", action="store_const", const=SMALLEST)
    words.add_argument("--profile", action="store_true", help="say where the time went; measures quickly")
    words.add_argument("--json", action="store_true", help="print figures for programs")
    asked = words.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        words.error(f"there is no bench called {', '.join(sorted(unknown))}")
    if asked.profile and asked.scale is FULL:
        asked.scale = QUICK
    return asked


if __name__ == "__main__":
    sys.exit(main())
