"""Citations of the product's rules and of decisions: what is cited exists, and is cited in one form.

The form is "rule A13" or "rules B2, B8 and B17" for docs/rules.md, "decision 19" for docs/decisions/.
"""

import ast
import io
import re
import tokenize
from pathlib import Path

DOCS = Path(__file__).parent.parent.parent / "docs"

#: The groups of rules.
LETTERS = "AB"

HEADING = re.compile(rf"^### ([{LETTERS}]\d+)\. ", re.MULTILINE)
RULES = re.compile(rf"\b[Rr]ules? ([{LETTERS}]\d+(?:(?:, | and )[{LETTERS}]\d+)*)")
DECISIONS = re.compile(r"\b[Dd]ecisions? (\d+(?:(?:, | and )\d+)*)")
NUMBER = re.compile(rf"\b[{LETTERS}][1-9]\d?\b")

#: A line break in running text, with what begins the next line of a comment.
BREAK = re.compile(r"\s+(?:#:? )?")

#: Also a size of paper.
PAPER = "A4"


def rules_have_no_gaps(page: str) -> list[str]:
    """The rules that a page like docs/rules.md defines are numbered from 1, group by group, in their order."""
    defined = HEADING.findall(page)
    counts = [sum(number.startswith(letter) for number in defined) for letter in LETTERS]
    wanted = [
        f"{letter}{n}" for letter, count in zip(LETTERS, counts, strict=True) for n in range(1, count + 1)
    ]
    return [f"defines {', '.join(defined)}"] if defined != wanted or not all(counts) else []


def cited_rules_exist(text: str) -> list[str]:
    """Each "rule A13" is a heading of docs/rules.md."""
    defined = HEADING.findall((DOCS / "rules.md").read_text(encoding="utf-8"))
    return [f"rule {number} does not exist" for number in _cited(RULES, text) if number not in defined]


def cited_decisions_exist(text: str) -> list[str]:
    """Each "decision 19" is a file of docs/decisions/."""
    existing = {int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md")}
    return [
        f"decision {number} does not exist"
        for number in _cited(DECISIONS, text)
        if int(number) not in existing
    ]


def pages_cite_rules_as_rules(page: str) -> list[str]:
    """In a page of Markdown, the number of a rule follows the word "rule"; headings define it."""
    rest = RULES.sub("", BREAK.sub(" ", HEADING.sub("", page)))
    return [f"cites {number} without the word rule" for number in NUMBER.findall(rest) if number != PAPER]


def comments_cite_rules_as_rules(source: str) -> list[str]:
    """In Python the same holds for docstrings and comments; other strings may hold anything."""
    return pages_cite_rules_as_rules(_prose(source))


def _cited(form: re.Pattern[str], text: str) -> list[str]:
    groups = form.findall(BREAK.sub(" ", text))
    return [number for group in groups for number in re.findall(r"\w?\d+", group)]


def _prose(source: str) -> str:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = [
        ast.get_docstring(node) or "" for node in ast.walk(ast.parse(source)) if isinstance(node, documented)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return "\n".join([*docstrings, *(comment.lstrip("#: ") for comment in comments)])
