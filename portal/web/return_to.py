"""Where to go on after a task, when the address asks for a page."""

from urllib.parse import urlsplit

from flask import request


def return_to(otherwise: str, asked: str | None = None) -> str:
    """The page of ours named by `asked` or by `next` in the address; `otherwise` when it leads elsewhere."""
    page = asked or request.args.get("next", "")
    return page if _is_ours(page) else otherwise


def _is_ours(page: str) -> bool:
    """Whether it is a path here: browsers read a backslash as a slash, and skip control signs."""
    if not page.startswith("/") or page.startswith("//") or "\\" in page or not page.isprintable():
        return False
    parts = urlsplit(page)
    return not parts.scheme and not parts.netloc
