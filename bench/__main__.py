"""`bin/bench [NAME …]`: one line a figure — name, value, goal, ok or SHORT. Exit status 1 when one is short."""

import importlib
import sys
from pathlib import Path

from bench.report import Report

FRAMES = ("__init__", "__main__", "report", "hello", "district", "empty", "server")


def main() -> int:
    """Run the named benches, or all of them."""
    names = sys.argv[1:] or sorted(
        path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in FRAMES
    )
    report = Report()
    for name in names:
        importlib.import_module(f"bench.{name}").run(report)
    return 1 if report.is_short else 0


if __name__ == "__main__":
    sys.exit(main())
