"""Check the text that somebody wrote for letters: it may have a few tags without attributes, and placeholders."""

import re
from collections.abc import Iterator
from html import unescape

from markupsafe import escape

from portal.db import Refused
from portal.documents.wording import PLACEHOLDER, PLACEHOLDERS
from portal.text.language import gettext as _

TAGS = ("p", "h2", "strong", "em", "br", "ul", "ol", "li")

#: The only tag that is not closed.
BREAK = "br"

#: The greatest length in characters: several times what fits into a box in a size that can be read.
LONGEST = 3_000

#: The greatest depth of tags within tags; a list in a list in a list is six deep.
DEEPEST = 8

#: A tag with its attributes, text up to the next tag, or a < that begins no tag.
TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z]\w*)(?P<rest>[^<>]*)>|(?P<text>[^<]+)|<")


def checked(written: str) -> str:
    """Return `written` as it can be stored and laid out: with TAGS only, each closed, everything else escaped.

    Raises Refused with a sentence about the first thing that is not allowed.
    """
    if len(written) > LONGEST:
        raise Refused(_("This is too long: at most %(most)s characters, tags included.", most=f"{LONGEST:,}"))
    html = "".join(_read(written.replace("\0", "").strip()))
    _check_placeholders(html)
    return html


def _read(written: str) -> Iterator[str]:
    is_open: list[str] = []
    for token in TOKEN.finditer(written):
        if token["text"]:
            yield str(escape(unescape(token["text"])))
        else:
            yield _tag(token, is_open)
    if is_open:
        raise Refused(_("<%(tag)s> is not closed.", tag=is_open[-1]))


def _tag(token: re.Match[str], is_open: list[str]) -> str:
    """Return one tag without its spaces and capitals; `is_open` are the tags that are open at this point."""
    tag = (token["tag"] or "").lower()
    if not tag:
        raise Refused(_("A < that begins no tag cannot stand in the text: write &lt; for it."))
    _check_tag(tag, token["rest"].strip().removesuffix("/"))
    if tag == BREAK:
        return "<br/>"
    if not token["end"]:
        return _open_tag(tag, is_open)
    if not is_open or is_open.pop() != tag:
        raise Refused(_("</%(tag)s> does not close what was opened last.", tag=tag))
    return f"</{tag}>"


def _open_tag(tag: str, is_open: list[str]) -> str:
    if len(is_open) >= DEEPEST:
        raise Refused(_("Tags stand in each other more than %(most)s deep.", most=DEEPEST))
    is_open.append(tag)
    return f"<{tag}>"


def _check_tag(tag: str, attributes: str) -> None:
    if tag not in TAGS:
        known = ", ".join(f"<{each}>" for each in TAGS)
        raise Refused(_("<%(tag)s> cannot stand in a letter. There are: %(known)s.", tag=tag, known=known))
    if attributes:
        first = next(iter(attributes.partition("=")[0].split()), "=")
        raise Refused(_("<%(tag)s> cannot have “%(attribute)s”: no tag can.", tag=tag, attribute=first))


def _check_placeholders(html: str) -> None:
    for name in PLACEHOLDER.findall(html):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise Refused(_("{%(name)s} is no placeholder. There are: %(known)s.", name=name, known=known))
    left = PLACEHOLDER.sub("", html)
    if "{" in left or "}" in left:
        raise Refused(_("A { or } that belongs to no placeholder cannot stand in the text."))
