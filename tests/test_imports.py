"""Nothing is imported where it is not used: each case is a fresh process, and says what must not be loaded in it."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent

#: Calls the command of the line after it, then prints what is loaded.
COMMAND = """
import sys
from portal.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code
print(" ".join(sys.modules), file=sys.stderr)
"""

SMALL = {"flask", "sqlalchemy", "pydantic", "cryptography", "portal.app", "portal.models", "portal.db"}
DATABASE = {"portal.app", "portal.models", "portal.views", "cryptography", "alembic"}


@pytest.mark.parametrize(
    ("command", "unused"),
    [("--help", SMALL), ("show-policy", SMALL), ("db --help", DATABASE), ("db upgrade --help", DATABASE)],
    ids=str,
)
def test_a_command_imports_what_it_needs(command: str, unused: set[str]):
    assert loaded(COMMAND, *command.split()) & unused == set()


def loaded(program: str, *arguments: str) -> set[str]:
    """Return the names of all modules that the program loads; it prints them last, on standard error."""
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=HERE, capture_output=True, check=True, text=True
    )
    return set(result.stderr.splitlines()[-1].split())
