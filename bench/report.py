"""How figures are printed and judged."""


class Report:
    """Collects figures; knows whether one missed its goal."""

    def __init__(self) -> None:
        self.is_short = False

    def at_most(self, name: str, value: float, goal: float) -> None:
        """A figure that should be `goal` or less."""
        is_met = value <= goal
        self.is_short |= not is_met
        print(f"{name:<58} {value:>10.3g} {f'≤{goal:g}':>10}  {'ok' if is_met else 'SHORT'}", flush=True)
