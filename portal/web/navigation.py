"""Where one can go: the sections in the header and the tabs under Settings, each a line of a table; start and back."""

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask, g, request, url_for

from portal.models import Account, School
from portal.models.supports.caseload_reasons import sees_caseload_only
from portal.policy.permissions import Permission, Scope
from portal.text.language import LazyString
from portal.text.language import lazy_gettext as _
from portal.web.current_school import address_of, current_school, has_to_choose, reaches_several


class Section(NamedTuple):
    """A page to go to, and what lies inside it: the pages of some blueprints, or single endpoints."""

    label: LazyString
    endpoint: str
    permission: Permission
    inside: frozenset[str]
    #: Shown only to those who hold the permission that far; none: to everybody who holds it.
    scope: Scope | None = None
    #: Of a school: who may enter several and is in none picks one first.
    is_in_school: bool = True

    def is_for(self, account: Account) -> bool:
        reaches = account.reaches(self.permission)
        return bool(reaches) if self.scope is None else any(reach.scope is self.scope for reach in reaches)


class Link(NamedTuple):
    """A link to a section, as a template draws it."""

    label: LazyString
    href: str
    is_here: bool


def _in_school(label: LazyString, endpoint: str, permission: Permission, *further: str) -> Section:
    return Section(label, endpoint, permission, frozenset({endpoint, *further}))


def _anywhere(label: LazyString, endpoint: str, permission: Permission, *further: str) -> Section:
    return _in_school(label, endpoint, permission, *further)._replace(is_in_school=False)


CASELOAD = _anywhere(_("My Caseload"), "caseloads.show", Permission.VIEW_STUDENT)._replace(
    scope=Scope.CASELOAD
)
STUDENTS = _in_school(
    _("Students"), "students.index", Permission.VIEW_STUDENT, "students", "codes", "guardians", "grid"
)

SECTIONS = (
    _anywhere(_("Network"), "networks.show", Permission.VIEW_NETWORK, "networks.trend"),
    CASELOAD,
    _in_school(_("Dashboard"), "schools.dashboard", Permission.VIEW_DASHBOARD),
    STUDENTS,
    _in_school(_("Portal Access"), "bulk_codes.index", Permission.MANAGE_CODES, "bulk_codes", "jobs"),
    _in_school(_("Supports"), "supports.index", Permission.VIEW_STUDENT, "supports"),
)

SETTINGS = (
    _in_school(_("User Management"), "users.index", Permission.MANAGE_USERS, "users"),
    _in_school(_("Caseloads"), "caseloads.report", Permission.IMPORT_ROSTER, "caseloads.hand_over"),
    _anywhere(_("Roster"), "rosters.index", Permission.IMPORT_ROSTER, "rosters"),
    _in_school(_("Letter"), "letters.settings", Permission.EDIT_SETTINGS, "letters"),
    _in_school(_("Families"), "schools.family_settings", Permission.EDIT_SETTINGS),
    _anywhere(_("User Permissions"), "network_users.index", Permission.MANAGE_NETWORK_USERS, "network_users"),
    _anywhere(_("Network"), "networks.settings", Permission.EDIT_NETWORK),
    _in_school(_("Network visits"), "schools.visits", Permission.MANAGE_USERS),
    _anywhere(_("Access levels"), "levels.index", Permission.VIEW_STUDENT),
)


def init_app(app: Flask) -> None:
    app.add_template_global(address_of, "address_of")
    app.add_template_global(header_key, "header_key")
    app.add_template_global(sections, "sections")
    app.add_template_global(current_school, "current_school")
    app.add_template_global(reaches_several, "reaches_several")
    app.add_template_global(settings, "settings_tabs")
    app.add_template_global(list_of_students, "list_of_students")


def header_key() -> tuple[object, ...]:
    """Return all that the links in the header depend on: the levels, the school one is in, and the page."""
    school = current_school()
    is_about_one = "student_id" in (request.view_args or {})
    return (g.account.assignments, school and school.public_id, request.endpoint, is_about_one)


def sections() -> list[Link]:
    """Return the links of the header: the sections this person may open, and Settings if they may open a tab of it."""
    own = settings()
    last = [Link(_("Settings"), own[0].href, any(tab.is_here for tab in own))] if own else []
    return [*_links(SECTIONS), *last]


def settings() -> list[Link]:
    """Return the tabs under Settings that this person may open from here."""
    return _links(section for section in SETTINGS if not (section.is_in_school and has_to_choose()))


def list_of_students(school: School) -> tuple[LazyString, str]:
    """Return the label and the address of the list where this person finds students of that school."""
    section = _home_of_students(g.account)
    return section.label, url_for(section.endpoint, school=school.public_id)


def start_page(account: Account) -> str:
    """Return the address of the start page: the School Picker, the caseload, all students, or the network."""
    if reaches_several(account) and account.may(Permission.ENTER_SCHOOL):
        return url_for("schools.index")
    if not account.may(Permission.VIEW_STUDENT):
        return url_for("networks.show")
    return url_for("caseloads.show" if sees_caseload_only(account) else "students.index")


def return_to(otherwise: str, asked: str | None = None) -> str:
    """Return the page of ours that `asked` or `next` in the address names; `otherwise` if it leads elsewhere."""
    page = asked or request.args.get("next", "")
    return page if _is_ours(page) else otherwise


def _links(sections: Iterable[Section]) -> list[Link]:
    account = g.get("account")
    return [
        Link(section.label, _address_of(section), _is_here(section, account))
        for section in sections
        if account and section.is_for(account)
    ]


def _address_of(section: Section) -> str:
    """Return the address of a section. Nobody enters a school, which is recorded, without having chosen it."""
    return (
        url_for("schools.index") if section.is_in_school and has_to_choose() else address_of(section.endpoint)
    )


def _is_here(section: Section, account: Account) -> bool:
    is_about_one = _lies_in(STUDENTS) and "student_id" in (request.view_args or {})
    return section is _home_of_students(account) if is_about_one else _lies_in(section)


def _lies_in(section: Section) -> bool:
    return not section.inside.isdisjoint((request.blueprint, request.endpoint))


def _home_of_students(account: Account) -> Section:
    """Return the section with the students of this account: its caseload if it sees nothing else."""
    return CASELOAD if sees_caseload_only(account) else STUDENTS


def _is_ours(page: str) -> bool:
    """Whether it is a path here: browsers read a backslash as a slash, and skip control signs."""
    if not page.startswith("/") or page.startswith("//") or "\\" in page or not page.isprintable():
        return False
    parts = urlsplit(page)
    return not parts.scheme and not parts.netloc
