"""The house rules, kept for every file, and each rule shown to catch a file that breaks it."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conventions import citations, python, templates, tree

ROOT = Path(__file__).parent.parent
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"

#: What people write; scripts have no suffix.
TEXT = {"", ".py", ".html", ".css", ".js", ".po", ".toml", ".lock", ".md", ".txt", ".service", ".yaml"}

#: Where levels may be named: the policy, who holds which, and the cast.
LEVELS = [
    "portal/policy/chart.py",
    "portal/policy/levels.py",
    "portal/policy/delegation.py",
    "portal/policy/permissions.py",
    "portal/models/accounts/alarms.py",
    "portal/models/users/level_batch.py",
    "portal/models/users/level_change.py",
    "portal/models/users/level_rules.py",
    "portal/models/users/adding.py",
    "portal/models/users/any_membership.py",
    "portal/models/users/membership*.py",
    "portal/models/users/network_membership.py",
    "portal/roster/principal.py",
    "portal/demo*",
]


class Rule(NamedTuple):
    """What is checked, in which files, and samples that break it."""

    check: Callable[[str], list[str]]
    files: Iterable[Path]
    bad: tuple[str, ...]

    def __str__(self) -> str:
        return self.check.__name__


def rule(check: Callable[[str], list[str]], files: Iterable[Path], *bad: str) -> Rule:
    """One line of the table below."""
    return Rule(check, files, bad)


def files(*patterns: str, but: Iterable[str] = ()) -> list[Path]:
    """The files of the project that match a pattern, without those that match one of `but`."""
    left_out = {path for pattern in but for path in _below(pattern)}
    return sorted({path for pattern in patterns for path in _below(pattern)} - left_out)


def _below(pattern: str) -> Iterable[Path]:
    found = (path for start in ROOT.glob(pattern) for path in [start, *start.rglob("*")])
    return (path for path in found if path.is_file() and path.suffix in TEXT)


PYTHON = files("portal/**/*.py", "bench/**/*.py", "tests/**/*.py", "wsgi.py")
OURS = files("portal/**/*.py", "bench/**/*.py")
VIEWS = files("portal/views/**/*.py")
PAGES = files("portal/templates/**/*.html", but=["portal/templates/documents", "portal/templates/mail"])
WITHOUT_HTMX = files(
    *(f"portal/templates/{folder}" for folder in ("accounts", "errors", "families")),
    *(f"portal/templates/layouts/{name}.html" for name in ("base", "family", "public")),
)
SCRIPTS = files("bin/*", ".ci/run")
FOLDERS = ["portal", "tests", "bench", "bin", "docs", "deploy", "migrations"]
TEXTS = files(
    *FOLDERS,
    "*.py",
    "*.md",
    "*.toml",
    but=["portal/static/vendor", "tests/conventions", "tests/test_conventions.py"],
)
PROSE = files("docs", "README.md")
UNGUARDED = files("portal/**/*.py", but=LEVELS)

RULES = [
    rule(tree.at_most(200), OURS, "\n" * 201),
    rule(tree.at_most(300), files("tests/**/*.py"), "\n" * 301),
    rule(tree.at_most(80), files("portal/templates"), "\n" * 81),
    rule(tree.at_most(150), files("portal/static/js/portal.js"), "\n" * 151),
    rule(tree.at_most(90), files("portal/static/js/ticks.js", "portal/static/js/parts.js"), "\n" * 91),
    rule(tree.file_is_finished, TEXTS, "# TODO: later", "open('/home/ada/letter.pdf')"),
    rule(
        tree.lock_is_portable, files("*.lock"), "--index-url https://example.org/simple\n", "flask==3.1.3\n"
    ),
    rule(tree.script_is_posix, SCRIPTS, "#!/bin/bash\n", "#!/bin/sh\nif true; then\n"),
    rule(tree.catalogue_is_complete, files("portal/translations/es/**/*.po"), 'msgid "Sign in"\nmsgstr ""\n'),
    rule(
        citations.rules_have_no_gaps,
        files("docs/rules.md"),
        "### A1. One\n### A3. Three\n### B1. One",
        "### B1. One\n### A1. One",
        "### A1. One\n### A1. One\n### B1. One",
        "### A1. One",
    ),
    rule(
        citations.cited_rules_exist,
        TEXTS,
        "rule A0",
        "Rule A19 says so",
        "rules B2, B8 and B21",
        "# as rule\n    # B99 has it",
    ),
    rule(citations.cited_decisions_exist, TEXTS, "decision 0", "see decisions 1 and 9999"),
    rule(citations.pages_cite_rules_as_rules, PROSE, "B2 says no", "rule B2 or B8", "see (A13)"),
    rule(
        citations.comments_cite_rules_as_rules,
        PYTHON,
        'def f():\n    """Raises Refused where B2 says no."""',
        "#: B8\nX = 1",
        "# rules B2 and\n# B8; B9\nX = 'A1'",
    ),
    rule(python.functions_are_short, PYTHON, "def long():\n" + "    pass\n" * 25),
    rule(python.views_are_one_sentence, VIEWS, "@bp.get('/')\ndef show():\n" + "    pass\n" * 14),
    rule(
        python.views_bear_the_verb_of_their_button,
        VIEWS,
        "@bp.post('/')\n@public\ndef create():\n    pass\n",
    ),
    rule(
        python.claims_never_act,
        files("portal/views/**/*.py", "portal/forms/**/*.py"),
        "def _is_saved(form):\n    form.attempt(save)\n    return not form.errors\n",
        "def is_done(row):\n    db.session.add(row)\n    return True\n",
        "def _has_left(pairing):\n    pairing.revoke(by=g.account)\n    return True\n",
        "def may_close(form):\n    form.refuse(Refused('No.'))\n    return False\n",
    ),
    rule(
        python.refusals_are_said_in_one_way,
        VIEWS,
        "try:\n    save()\nexcept Refused as refusal:\n    form.refuse(refusal)\n",
    ),
    rule(python.views_say_what_they_answer, VIEWS, "@bp.get('/')\ndef show() -> Any:\n    return page()\n"),
    rule(python.levels_are_not_named, UNGUARDED, "AccessLevel.NO_ACCESS", "membership.level == 'x'"),
    rule(
        python.states_are_told_by_their_table,
        files("portal/**/*.py", but=["portal/models/mail/delivery_state.py"]),
        "select(Student.id).where(Student.left_at.is_(None))",
        "~aliased(AccessCode).ended_at.is_not(None)",
        "if student.left_at:\n    pass",
        "x = 1 if pairing.revoked_at else 2",
        "return_ = account.closed_at is not None and 1",
        "select(PointPerson).filter_by(ended_at=None)",
        "class Job(Base):\n    ended_at: Mapped[datetime | None]\nJob.ended_at == None\nSupport.ended_at == NEVER",
    ),
    rule(
        python.names_say_something,
        OURS,
        "def process_rows(rows):\n    pass\n",
        "data = 1",
        "class CodeManager: ...",
    ),
    rule(python.tests_do_not_wait, files("tests/**/*.py"), "time.sleep(1)", "page.wait_for_timeout(100)"),
    rule(templates.lines_are_not_wide, files("portal/templates/**/*.html"), "<p>" + "a" * 154 + "</p>"),
    rule(
        templates.nothing_is_inline,
        PAGES,
        '<p style="color: red">',
        "<style>p { color: red }</style>",
        '<a href="/" onclick="go()">',
        "<script>go()</script>",
        '<script src="/x.js">go()</script>',
        '<script src="https://example.org/x.js"></script>',
        '<button hx-on:click="go()">',
        '<input hx-trigger="keyup[ctrlKey]">',
        '<button hx-confirm="Really?">',
        "{{ note | safe }}",
    ),
    rule(
        templates.blocks_stand_alone,
        PAGES,
        "{% set x = 1 %}{% block main %}{{ x }}{% endblock %}",
        "{% from 'x.html' import y %}{% block main %}{{ y }}{% endblock %}",
        "{% for x in y %}{% block row %}{% endblock %}{% endfor %}",
    ),
    rule(
        templates.templates_do_not_tell_states,
        PAGES,
        "{% if student.left_at %}",
        "{{ 1 if not job.ended_at else 2 }}",
        "{% elif is_part and batch.done_at %}",
    ),
    rule(
        templates.pages_without_htmx_do_not_ask_it,
        WITHOUT_HTMX,
        '<a hx-get="/">',
        '{{ ui.submit("x", hx_post="/") }}',
    ),
    rule(templates.templates_do_not_ask_who_you_are, PAGES, "{% if level == 'x' %}", "{{ AccessLevel }}"),
    rule(
        templates.styles_follow_the_writing,
        files("portal/static/css"),
        "p { margin-left: 1rem }",
        "p{left:0}",
    ),
    rule(templates.script_makes_no_markup, files("portal/static/js"), "toast.innerHTML = text", "eval(text)"),
]


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_file_keeps_the_rule(rule: Rule):
    complaints = [
        f"{path.relative_to(ROOT)}: {complaint}"
        for path in rule.files
        for complaint in rule.check(path.read_text(encoding="utf-8"))
    ]

    assert rule.files, "no file is looked at"
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_rule_catches_what_breaks_it(rule: Rule):
    assert [sample for sample in rule.bad if not rule.check(sample)] == []


def test_functions_are_short_on_the_whole():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files("portal/**/*.py"))

    assert python.functions_are_short_on_the_whole(sources) == []
    assert python.functions_are_short_on_the_whole("def long():\n" + "    pass\n" * 8)


def test_no_two_classes_have_one_name():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in files("portal/**/*.py"))

    assert python.class_names_are_used_once(sources) == []
    assert python.class_names_are_used_once("class Plan: ...\nclass Plan: ...\n")


def test_compiled_catalogues_are_current():
    for path in files("portal/translations/**/*.po"):
        assert path.with_suffix(".mo").read_bytes() == tree.compiled(path.read_text(encoding="utf-8"))


def test_htmx_is_the_one_that_was_published():
    htmx = ROOT / "portal/static/vendor/htmx.min.js"

    assert sha256(htmx.read_bytes()).hexdigest() == HTMX


def test_scripts_can_be_run():
    assert [path.name for path in SCRIPTS if not path.stat().st_mode & 0o111] == []


def test_the_licence_is_the_one_that_is_declared():
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    assert 'license = "MIT"' in declared
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
