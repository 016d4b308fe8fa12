"""How thoroughly a bench measures: in full, quickly while something is changed, or only so that it is known to run."""

from typing import NamedTuple


class Scale(NamedTuple):
    """How many rounds are measured, how often a page is asked for in each, and how large things are."""

    name: str
    rounds: int
    calls: int

    def of(self, full: int, *, smallest: int) -> int:
        """Return `full`, or `smallest` where it only has to be known to run."""
        return smallest if self is SMALLEST else full

    @property
    def asks(self) -> int:
        """How often each page is asked for in all, the first time, which is not measured, included."""
        return self.rounds * self.calls + 1


FULL = Scale("full", rounds=9, calls=20)
QUICK = Scale("quick", rounds=9, calls=6)
SMALLEST = Scale("smallest", rounds=1, calls=1)
