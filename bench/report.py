"""How figures are printed and judged."""


class Report:
    """Collects figures; knows whether one missed its goal."""

    def __init__(self) -> None:
        self.is_short = False

    def at_most(self, name: str, value: float, goal: float) -> None:
        """A figure that should be `goal` or less."""
        self._judge(name, value, f"≤{goal:g}", is_met=value <= goal)

    def at_least(self, name: str, value: float, goal: float) -> None:
        """A figure that should be `goal` or more."""
        self._judge(name, value, f"≥{goal:g}", is_met=value >= goal)

    def _judge(self, name: str, value: float, goal: str, *, is_met: bool) -> None:
        self.is_short |= not is_met
        print(f"{name:<58} {value:>10.3g} {goal:>10}  {'ok' if is_met else 'SHORT'}", flush=True)
