"""Several districts measured in turns, each in a process of its own, so that none finds what another has kept."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from bench.rig.hello import Calls, turns
from bench.rig.scale import Scale

Factory = Callable[..., AbstractContextManager[Calls]]


def in_turns(
    places: Mapping[str, tuple[Factory, Sequence[Any]]], scale: Scale
) -> dict[str, dict[str, float]]:
    """Return what each call costs in hellos, by place: medians of rounds in which every place has its turn.

    A place is a function, called with its arguments in a fresh process, whose context gives the calls.
    """
    with ExitStack() as stack:
        lines = {name: stack.enter_context(_process(place, scale)) for name, place in places.items()}
        for line in lines.values():
            line.recv()
        rounds = [{name: _ask(line) for name, line in lines.items()} for _ in range(scale.rounds)]
    return {
        name: {call: median(each[name][call] for each in rounds) for call in rounds[0][name]}
        for name in places
    }


@contextmanager
def _process(place: tuple[Factory, Sequence[Any]], scale: Scale) -> Any:
    line, far_end = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_answer, args=(far_end, place, scale), daemon=True)
    process.start()
    far_end.close()
    try:
        yield line
        line.send(None)
    finally:
        line.close()
        process.join()


def _answer(line: Connection, place: tuple[Factory, Sequence[Any]], scale: Scale) -> None:
    factory, arguments = place
    with factory(*arguments) as calls:
        turn = turns(calls, scale)
        line.send("ready")
        while _is_asked(line):
            line.send(turn())


def _is_asked(line: Connection) -> bool:
    try:
        return line.recv() is not None
    except EOFError:
        return False


def _ask(line: Connection) -> dict[str, float]:
    line.send("turn")
    answer: dict[str, float] = line.recv()
    return answer
