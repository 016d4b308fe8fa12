"""House rules for templates, style sheets and the one script."""

import re

from jinja2 import Environment, nodes

from portal.web.kept import Kept

SYNTAX = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols", Kept])

INLINE = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a script without src, or with a body": r"<script\b(?![^>]*\ssrc=)|<script\b[^>]*>\s*[^<\s]",
    "an inline handler": r"<[^>]*\son[a-z]+\s*=",
    "an htmx expression": r"\bhx-on|\bjs:|\bjavascript:|hx-trigger=\"[^\"]*\[",
    "hx-confirm, where a page belongs": r"\bhx-confirm\b",
    "something from another site": r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"(?:https?:)?//"
    r"|<link\b[^>]*\bhref=\"(?:https?:)?//",
    "markup that is not escaped": r"\|\s*safe\b|autoescape\s+false",
}
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border|inset)-(?:left|right)\b|[{;\s](?:left|right)\s*:"
    r"|\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
)
SCRIPTED = re.compile(
    r"\.(?:inner|outer)HTML\b|\b(?:insertAdjacentHTML|eval|localStorage|sessionStorage)\b|new Function"
)
STATE = re.compile(
    r"\b(?:if|and|or|not) (?:student|child|support|pairing|job|batch|account|staff)"
    r"\.(?:left|ended|revoked|done|begun|closed)_at\b"
)
LEVEL = re.compile(r"AccessLevel|NetworkLevel|\blevel\s*(?:==|!=|in\b|is\b)")


WIDEST = 160


def lines_are_not_wide(template: str) -> list[str]:
    """They are read beside each other."""
    return [
        f"line {number} has {len(line)} characters, {WIDEST} are allowed"
        for number, line in enumerate(template.splitlines(), start=1)
        if len(line) > WIDEST
    ]


def nothing_is_inline(template: str) -> list[str]:
    """The Content-Security-Policy would stop it, and a reader would not find it."""
    return [f"has {what}" for what, pattern in INLINE.items() if re.search(pattern, template)]


def blocks_stand_alone(template: str) -> list[str]:
    """A block may be rendered by itself, without what stands above it or around it."""
    tree = SYNTAX.parse(template)
    if not any(True for _ in tree.find_all(nodes.Block)):
        return []
    above = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)
    outside = [
        f"line {node.lineno}: lost to a block rendered alone" for node in tree.body if isinstance(node, above)
    ]
    looped = [
        f"line {block.lineno}: block {block.name} stands in a loop"
        for loop in tree.find_all(nodes.For)
        for block in loop.find_all(nodes.Block)
    ]
    return outside + looped


def templates_do_not_ask_who_you_are(template: str) -> list[str]:
    """They ask `may(…)`."""
    return [f"asks for a level: {match}" for match in LEVEL.findall(template)]


def pages_without_htmx_do_not_ask_it(template: str) -> list[str]:
    """Only the layout of staff loads htmx: a first page on a phone is light without it."""
    return [f"asks htmx, which is not loaded: {match}" for match in re.findall(r"\bhx[-_]\w+", template)]


def templates_do_not_tell_states(template: str) -> list[str]:
    """Whether a student has left is said by `is_enrolled()`; the moment is there to be written."""
    return [f"asks for a moment: {match}" for match in STATE.findall(template)]


def styles_follow_the_writing(style_sheet: str) -> list[str]:
    """Logical properties only: start and end, not left and right."""
    return [f"{match.strip()} is no logical property" for match in PHYSICAL.findall(style_sheet)]


def script_makes_no_markup(script: str) -> list[str]:
    """Nor runs what it was sent, nor keeps anything in the browser."""
    return [f"uses {match}" for match in SCRIPTED.findall(script)]
