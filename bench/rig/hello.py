"""The unit of time: one call of a bare Flask app that returns "hello", in process."""

import gc
from collections.abc import Callable, Mapping
from statistics import fmean, median

from flask import Flask

from bench.rig import profiling
from bench.rig.scale import FULL, Scale
from bench.rig.stopwatch import seconds_of

Calls = Mapping[str, Callable[[], object]]

#: How often a hello is asked for between two pages.
HELLOS = 20


def in_hellos(calls: Calls, scale: Scale) -> dict[str, float]:
    """Return how many hellos each of `calls` costs: measured in turns with the unit, median of the rounds."""
    turn = turns(calls, scale)
    rounds = [turn() for _ in range(scale.rounds)]
    return {name: median(each[name] for each in rounds) for name in calls}


def turns(calls: Calls, scale: Scale) -> Callable[[], dict[str, float]]:
    """Call each once, and return what measures one round.

    What was made until then is taken out of the garbage collector's care, as a web worker does.
    """
    hello = _bare_app().test_client()
    for call in (lambda: hello.get("/"), *calls.values()):
        call()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)

    def turn() -> dict[str, float]:
        units, costs = [], {}
        for name, call in calls.items():
            units.append(seconds_of(lambda: hello.get("/"), HELLOS))
            with profiling.section(name):
                costs[name] = seconds_of(call, scale.calls)
        return {name: cost / fmean(units) for name, cost in costs.items()}

    return turn


def seconds_of_a_hello() -> float:
    """For what is not called in turns with it: median of several rounds."""
    browser = _bare_app().test_client()
    return median(seconds_of(lambda: browser.get("/"), HELLOS) for _ in range(FULL.rounds))


def _bare_app() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app
