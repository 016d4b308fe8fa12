"""Nothing is imported where it is not used: each case is a fresh process, and says what must not be loaded in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import Settings

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

#: Makes the application, as a web worker does, and prints what is loaded.
APPLICATION = """
import sys
from portal.app import create_app
create_app()
print(" ".join(sys.modules), file=sys.stderr)
"""

#: Of a web worker on SQLite: what migrates, what speaks to PostgreSQL or Redis, makes PDFs, guesses encodings, serves.
NOT_IN_THE_APPLICATION = {
    "alembic", "mako", "psycopg.pq", "psycopg_binary", "sqlalchemy.dialects.postgresql", "redis",
    "xhtml2pdf", "reportlab", "pypdf", "PIL", "charset_normalizer", "requests",
}  # fmt: skip

SMALL = {"flask", "sqlalchemy", "cryptography", "portal.app", "portal.models", "portal.db"}
DATABASE = {"portal.app", "portal.models", "portal.views", "cryptography", "alembic"}


@pytest.mark.parametrize(
    ("command", "unused"),
    [("--help", SMALL), ("show-policy", SMALL), ("db --help", DATABASE), ("db upgrade --help", DATABASE)],
)
def test_a_command_imports_what_it_needs(command: str, unused: set[str]):
    assert loaded(COMMAND, *command.split()) & unused == set()


def test_the_application_on_sqlite_imports_what_it_needs(settings: Settings):
    environment = {"PORTAL_HOME": str(settings.home), "PORTAL_BASE_URL": settings.base_url}

    assert loaded(APPLICATION, **environment) & NOT_IN_THE_APPLICATION == set()


def loaded(program: str, *arguments: str, **environment: str) -> set[str]:
    """Return the names of all modules that the program loads; it prints them last, on standard error."""
    others = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}  # noqa: TID251
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=HERE, env=others | environment, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return set(result.stderr.splitlines()[-1].split())
