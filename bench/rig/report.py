"""How figures are printed and judged."""

import json
import sys
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple


class Figure(NamedTuple):
    """One figure. `sign` is ≤ or ≥; a figure without a goal has neither."""

    name: str
    value: float
    sign: str = ""
    goal: float | None = None

    @property
    def is_met(self) -> bool:
        """Whether the value is as good as the goal."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.sign == "≤" else self.value >= self.goal

    @property
    def goal_text(self) -> str:
        """The goal with its sign, such as ≤25; a dash where there is none."""
        return "–" if self.goal is None else f"{self.sign}{self.goal:g}"

    @property
    def verdict(self) -> str:
        """What is printed behind it."""
        return "ok" if self.is_met else "SHORT"


class Report:
    """Collects figures; knows whether one missed its goal."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.figures: list[Figure] = []
        self._as_json = as_json

    @property
    def is_short(self) -> bool:
        """Whether any figure missed its goal."""
        return not all(figure.is_met for figure in self.figures)

    def at_most(self, name: str, value: float, goal: float) -> None:
        """A figure that should be `goal` or less."""
        self._add(Figure(name, value, "≤", goal))

    def at_least(self, name: str, value: float, goal: float) -> None:
        """A figure that should be `goal` or more."""
        self._add(Figure(name, value, "≥", goal))

    def told(self, name: str, value: float) -> None:
        """A figure without a goal, to compare others with."""
        self._add(Figure(name, value))

    def _add(self, figure: Figure) -> None:
        self.figures.append(figure)
        if self._as_json:
            print(json.dumps(figure), flush=True)
        else:
            print(
                f"{figure.name:<66} {shown(figure.value):>10} {figure.goal_text:>10}  {figure.verdict}",
                flush=True,
            )


def shown(value: float) -> str:
    """Return a figure as it is printed, to three digits at least."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def print_table(runs: Sequence[Sequence[Figure]]) -> bool:
    """Print for each figure the median of its runs, the least and the greatest; return whether all goals are met."""
    print("| figure | median | from – to | goal | |\n|---|---|---|---|---|")
    middles = []
    for figures in runs:
        values = [figure.value for figure in figures]
        middle = figures[0]._replace(value=median(values))
        spread = f"{shown(min(values))} – {shown(max(values))}"
        print(f"| {middle.name} | {shown(middle.value)} | {spread} | {middle.goal_text} | {middle.verdict} |")
        middles.append(middle)
    return all(middle.is_met for middle in middles)


def figures_from(lines: str) -> list[Figure]:
    """Read what a Report with `as_json` printed."""
    return [Figure(*json.loads(line)) for line in lines.splitlines() if line.startswith("[")]


def complain(words: str) -> None:
    """Say something that is no figure."""
    print(words, file=sys.stderr, flush=True)
