"""The entry point of the pages: a blueprint a subject, a function a page or button. `docs/routes.md` lists them."""

from flask import Flask

from portal.views import blueprints, grid, guardians, health, jobs, letters, networks, rosters, schools
from portal.views.accounts import own_account, password_reset, second_factor, sign_in
from portal.views.codes import batch, code, instructions, portal_access
from portal.views.families import children, joining
from portal.views.students import notes, point_people, students
from portal.views.supports import caseloads, support_students, supports
from portal.views.users import adding, levels, network_users, users
from portal.views.users import batch as user_batch

#: Importing a module puts its pages on their blueprint.
PAGES = (
    own_account, password_reset, second_factor, sign_in, batch, code, instructions, portal_access, children, joining,
    grid, guardians, health, jobs, letters, networks, rosters, schools, notes, point_people,
    students, caseloads, support_students, supports, adding, levels, network_users, user_batch, users,
)  # fmt: skip


def init_app(app: Flask) -> None:
    for blueprint in blueprints.ALL:
        app.register_blueprint(blueprint)
