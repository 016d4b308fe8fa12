"""The documents say what holds: the policy as it is, links and files that exist."""

import re
from pathlib import Path

import pytest

from portal.commands.routes import routes, routes_as_markdown
from portal.policy.chart import Chart, charts

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
RULES = ROOT / "docs/rules.md"
DOCUMENTS = sorted(ROOT.glob("docs/**/*.md"))
PAGES = [README, *DOCUMENTS]
DECISIONS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
FOLDERS = ("bin", "migrations", "portal", "tests")

LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)")
FILE = re.compile(r"`([\w./-]+\.(?:py|html|css|js))`")


def test_the_tables_of_levels_are_the_policy():
    page = RULES.read_text(encoding="utf-8")
    at_school, at_network = charts()

    assert _as_markdown(at_school, "At a school") in page
    assert _as_markdown(at_network, "At a network") in page


def test_the_list_of_addresses_is_the_code():
    page = (ROOT / "docs/routes.md").read_text(encoding="utf-8")

    assert page == "\n".join(routes_as_markdown()), "portal show-routes > docs/routes.md"


def test_every_view_says_what_it_answers():
    assert [route.endpoint for route in routes() if not route.answers.endswith(".")] == []


def test_the_map_of_the_readme_is_the_tree():
    named = set(
        re.findall(r"`((?:portal|migrations|tests|bench|deploy|docs)/[\w./]*)`", README.read_text("utf-8"))
    )
    folders = {f"portal/{path.name}/" for path in (ROOT / "portal").iterdir() if _is_of_the_project(path)}

    assert sorted(name for name in named if not (ROOT / name).exists()) == []
    assert sorted(folders - named) == []


def test_decisions_are_numbered_without_gaps():
    titles = [path.read_text(encoding="utf-8").partition("\n")[0] for path in DECISIONS]

    assert [int(path.name[:4]) for path in DECISIONS] == [*range(1, len(DECISIONS) + 1)]
    assert [title.partition(". ")[0] for title in titles] == [f"# {n}" for n in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path):
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not _leads_somewhere(page, *link)] == []


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path):
    named = FILE.findall(page.read_text(encoding="utf-8"))

    assert [name for name in named if not any(_files_called(name))] == []


def _is_of_the_project(path: Path) -> bool:
    return path.is_dir() and path.name != "__pycache__"


def _as_markdown(chart: Chart, corner: str) -> str:
    head = [corner, *(column.label for column in chart.columns)]
    rows = [[row.label, *(cell or "–" for cell in row.cells)] for row in chart.rows]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in (head, ["---"] * len(head), *rows))


def _leads_somewhere(page: Path, target: str, anchor: str) -> bool:
    path = page.parent / target if target else page
    return path.exists() and (not anchor or anchor in _anchors(path))


def _anchors(page: Path) -> set[str]:
    """The ids that a reader of Markdown gives to headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def _files_called(name: str) -> list[Path]:
    """The files whose path ends in `name`."""
    base = Path(name).name
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob(base)]
    return [path for path in found if path.as_posix().endswith(f"/{name}")]
