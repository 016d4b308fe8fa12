"""Looking at a page as axe does, as someone without a mouse does, and as someone with a small screen does."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=800)
#: CSS pixels: what a desk is left with when it zooms to 400 % (WCAG 2.1, 1.4.10 Reflow).
NARROWEST = 320

#: The rules of WCAG 2.1, levels A and AA. In the dark only colours differ.
RULES = {"light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "dark": ["color-contrast"]}

#: Whatever moves is let come to its end first.
RUN_AXE = """
async (runOnly) => {
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  return (await axe.run({ runOnly, resultTypes: ["violations"] })).violations;
}
"""

NAMED_TWICE = """
() => {
  const names = [...document.querySelectorAll("[id]:not([type=hidden])")].map(({ id }) => id);
  return names.filter((name, place) => names.indexOf(name) !== place);
}
"""

#: Classes of the page that only the style sheet of staff knows, where the page has the other one.
UNSTYLED = """
async () => {
  const text = async (sheet) => (await fetch(`/static/${sheet}`)).text();
  const names = async (sheet) => new Set((await text(sheet)).match(/(?<=\\.)[a-z][\\w-]*/g));
  if (document.querySelector("link[href*='/staff.']")) return [];
  const [own, all] = [await names("portal.css"), await names("staff.css")];
  const used = [...document.querySelectorAll("[class]")].flatMap((element) => [...element.classList]);
  return used.filter((name, place) => all.has(name) && !own.has(name) && used.indexOf(name) === place);
}
"""

#: What can be acted on here and now; of dials only one is in the tab order, arrows reach the others.
ACTIONS = """
() => {
  const open = document.querySelector("dialog[open]") ?? document.body;
  const all = [...open.querySelectorAll("a[href], button, input, select, textarea, summary")];
  const can = (element) => !element.disabled && element.checkVisibility() && element.type !== "hidden";
  const first = (dial) => all.find((other) => other.name === dial.name && other.type === "radio");
  window.actions = all.filter((element) => can(element) && (element.type !== "radio" || element === first(element)));
  window.reached = new Set();
  document.addEventListener("focusin", ({ target }) => reached.add(target.type === "radio" ? first(target) : target));
  const stopsWithin = 3 * actions.filter((element) => element.type === "date").length;  // month, day, year, calendar
  return actions.length + stopsWithin;
}
"""
MISSED = "() => actions.filter((element) => !reached.has(element)).map((element) => element.outerHTML.slice(0, 120))"


def complaints(page: Page) -> list[str]:
    """Whatever is wrong with the page as it stands: light and dark, at a desk and on a phone."""
    found = [*_seen_by_axe(page), *_too_wide(page), *_named_twice(page), *_unstyled(page)]
    page.set_viewport_size(DESK)
    found += _out_of_reach(page)
    return [f"{page.url}: {complaint}" for complaint in found]


def _seen_by_axe(page: Page) -> Iterator[str]:
    """In an order that changes screen and scheme as seldom as can be: each change takes as long as a short look."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for screen, viewport, schemes in (("desk", DESK, ("dark", "light")), ("phone", PHONE, ("light", "dark"))):
        page.set_viewport_size(viewport)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            for violation in page.evaluate(RUN_AXE, RULES[scheme]):
                yield f"{scheme} {screen}: {_in_words(violation)}"


def _in_words(violation: dict[str, Any]) -> str:
    nodes = [f"{node['html'][:160]} ({node['failureSummary']})" for node in violation["nodes"][:3]]
    return f"{violation['help']}: {nodes}"


def _named_twice(page: Page) -> list[str]:
    """Labels and links to errors find only the first element of a name."""
    return [f"id {name!r} is given twice" for name in page.evaluate(NAMED_TWICE)]


def _unstyled(page: Page) -> list[str]:
    """Families and whoever is signed out get no style sheet of staff; nothing on their pages may need it."""
    return [f"only staff.css has a style for {name!r}" for name in page.evaluate(UNSTYLED)]


def _out_of_reach(page: Page) -> list[str]:
    """What the Tab key does not come to."""
    for _action in range(page.evaluate(ACTIONS) + 3):
        page.keyboard.press("Tab")
    return [f"not reached by Tab: {element}" for element in page.evaluate(MISSED)]


def _too_wide(page: Page) -> Iterator[str]:
    for width in (PHONE["width"], NARROWEST):
        page.set_viewport_size({"width": width, "height": 844})
        excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if excess > 0:
            yield f"{excess} px too wide at {width} px"
