"""The unit of time: one call of a bare Flask app that returns "hello", in process."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

from flask import Flask

#: How many rounds are measured, and how many calls a round has.
ROUNDS, CALLS = 9, 20


def in_hellos(calls: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """How many hellos each of `calls` costs: measured in turns with the unit, median of nine rounds."""
    browser = _bare_app().test_client()
    everything = {"hello": lambda: browser.get("/"), **calls}
    for call in everything.values():
        call()
    rounds = [{name: _seconds(call) for name, call in everything.items()} for _ in range(ROUNDS)]
    return {name: median(each[name] / each["hello"] for each in rounds) for name in calls}


def seconds_of_a_hello() -> float:
    """For what is not called in turns with it: median of nine rounds."""
    browser = _bare_app().test_client()
    return median(_seconds(lambda: browser.get("/")) for _ in range(ROUNDS))


def _seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    for _ in range(CALLS):
        call()
    return (perf_counter() - start) / CALLS


def _bare_app() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    return app
