"""What can each level do? Rendered from the policy."""

import re

from portal.policy.chart import WORDS, charts
from portal.policy.permissions import GRANTS, SCHOOL_LEVELS, Permission, Scope


def test_every_permission_of_staff_has_words():
    of_staff = {
        permission for level, granted in GRANTS.items() if level != "guardian" for permission in granted
    }

    assert of_staff <= WORDS.keys()


def test_the_chart_says_what_the_policy_says():
    chart = charts()[0]
    rows = {str(row.label): row.cells for row in chart.rows}

    for permission in Permission:
        for column, level in enumerate(SCHOOL_LEVELS):
            cells = rows.get(str(WORDS.get(permission, "")))
            said = str(cells[column] or "") if cells else ""
            scope = GRANTS[level].get(permission)
            assert bool(said) == (scope is not None), (permission, level)
            assert said.startswith("Caseload") == (scope is Scope.CASELOAD), (permission, level)


def test_what_depends_on_a_setting_says_so():
    at_school, at_network = ({str(row.label): row.cells for row in chart.rows} for chart in charts())

    assert str(at_network["Read notes"][0]) == "Where the network allows it"
    assert str(at_network["Manage network users"][1]) == "With “Can Manage Users”"
    kept = [str(cell or "") for cell in at_school["Revoke a guardian"]]
    assert [("unless" in cell) for cell in kept] == [False, False, True, False, True, False, False]


def test_everybody_at_the_school_can_read_it(cast, as_):
    page = as_(cast.carl).get("/settings/levels").text

    assert "Can view caseload students and add notes" in page
    assert re.search(r"Edit student fields</th>\s*<td>All students</td>", page)
