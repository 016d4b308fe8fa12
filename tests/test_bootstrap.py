"""What is served has been compiled when it was installed, because the user that serves can write no bytecode."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent

#: Prints each module of the application that has no bytecode beside it. The standard library is the machine's.
PROGRAM = """
import portal.app, sys
from pathlib import Path
for module in list(sys.modules.values()):
    spec = getattr(module, "__spec__", None)
    is_ours = spec and spec.cached and Path(spec.origin).is_relative_to(sys.argv[1])
    if is_ours and not Path(spec.cached).exists():
        print(spec.name)
"""

#: As on a machine that wants no bytecode, or wants it elsewhere.
AVERSE = {"PYTHONDONTWRITEBYTECODE": "1"}
ELSEWHERE = {"PYTHONPYCACHEPREFIX": "elsewhere"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with one module, beside the packages that are installed already."""
    for name in ("bin/bootstrap", "requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(HERE / ".venv")
    for name in ("portal/web/page.py", "migrations/versions/0001.py", "wsgi.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("said = 'before'")
    return tmp_path


def test_every_package_that_is_served_is_compiled() -> None:
    environment = {name: value for name, value in os.environ.items() if "PYCACHE" not in name}  # noqa: TID251
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, HERE], env=environment | AVERSE, capture_output=True, check=True, text=True
    )  # fmt: skip

    assert found.stdout.split() == []


@pytest.mark.parametrize("environment", [AVERSE, ELSEWHERE], ids=str)
def test_the_portal_is_compiled_wherever_it_is_put_up(checkout: Path, environment: dict[str, str]) -> None:
    bootstrap(checkout, environment)

    for name in ("portal/web/page.py", "migrations/versions/0001.py", "wsgi.py"):
        assert b"before" in compiled(checkout / name)


def test_new_sources_are_compiled_and_nothing_is_installed_again(checkout: Path) -> None:
    bootstrap(checkout, AVERSE)
    page = checkout / "portal/web/page.py"
    page.write_text("said = 'afterwards'")
    later = page.stat().st_mtime + 60
    os.utime(page, (later, later))

    said = bootstrap(checkout, AVERSE)

    assert said == ""
    assert b"afterwards" in compiled(page)


def bootstrap(checkout: Path, environment: dict[str, str]) -> str:
    """Run it there, and return what it says."""
    result = subprocess.run(
        [checkout / "bin/bootstrap", "--dev"],
        env=os.environ | environment,  # noqa: TID251
        capture_output=True,
        check=True,
        text=True,
    )
    return result.stdout + result.stderr


def compiled(source: Path) -> bytes:
    (found,) = (source.parent / "__pycache__").glob(f"{source.stem}.*.pyc")
    return found.read_bytes()
