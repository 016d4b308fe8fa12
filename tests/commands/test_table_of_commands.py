"""The table of commands says of each what its module says, and lists all that there are."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import portal.commands
from portal.cli import COMMANDS, load, main

MODULES = [path.stem for path in Path(*portal.commands.__path__).glob("*.py") if path.stem != "__init__"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_names_a_command_and_what_it_does(name: str):
    command = load(name)

    assert (command.name, command.get_short_help_str(limit=1000)) == (name, COMMANDS[name][1])


def test_every_command_of_a_module_is_in_the_table():
    in_table = {command for name in COMMANDS for command in _below(load(name))}
    in_modules = {
        found
        for name in MODULES
        for found in vars(import_module(f"portal.commands.{name}")).values()
        if isinstance(found, click.Command)
    }

    assert in_modules - in_table == set()


def test_the_help_lists_them_all():
    with click.Context(main) as context:
        listed = main.get_help(context).partition("Commands:")[2]

    assert [line.split()[0] for line in listed.strip().splitlines()] == sorted(COMMANDS)


def _below(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _below(each)
