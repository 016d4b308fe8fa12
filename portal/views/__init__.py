"""The pages: a blueprint a subject, and a function a page or button. `docs/routes.md` lists every address."""

from flask import Flask

from portal.views import blueprints, guardians, health, jobs, networks, rosters, schools
from portal.views.accounts import own_account, password_reset, second_factor, sign_in
from portal.views.codes import batch, code, instructions, tab
from portal.views.codes import list as code_list
from portal.views.families import children, joining
from portal.views.grid import change, page
from portal.views.letters import settings, wording
from portal.views.students import notes, point_people, students
from portal.views.supports import batch as support_batch
from portal.views.supports import caseloads, supports
from portal.views.supports import students as support_students
from portal.views.users import adding, levels, network_users, users
from portal.views.users import batch as user_batch

#: Importing a module puts its pages on their blueprint.
PAGES = (
    own_account, password_reset, second_factor, sign_in, batch, code, code_list, instructions, tab, children, joining,
    change, page, guardians, health, jobs, settings, wording, networks, rosters, schools, notes, point_people,
    students, caseloads, support_batch, support_students, supports, adding, levels, network_users, user_batch, users,
)  # fmt: skip


def init_app(app: Flask) -> None:
    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
