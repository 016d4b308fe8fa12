"""The blueprints, one a subject: apart, so that several modules can put pages on one without a circle of imports."""

from flask import Blueprint

accounts = Blueprint("accounts", __name__)
bulk_codes = Blueprint("bulk_codes", __name__)
caseloads = Blueprint("caseloads", __name__)
codes = Blueprint("codes", __name__)
families = Blueprint("families", __name__)
grid = Blueprint("grid", __name__)
guardians = Blueprint("guardians", __name__)
health = Blueprint("health", __name__)
jobs = Blueprint("jobs", __name__)
levels = Blueprint("levels", __name__)
letters = Blueprint("letters", __name__)
network_users = Blueprint("network_users", __name__)
networks = Blueprint("networks", __name__)
rosters = Blueprint("rosters", __name__)
schools = Blueprint("schools", __name__)
students = Blueprint("students", __name__)
supports = Blueprint("supports", __name__)
users = Blueprint("users", __name__)

ALL = (
    accounts, bulk_codes, caseloads, codes, families, grid, guardians, health, jobs, letters, levels,
    network_users, networks, rosters, schools, students, supports, users,
)  # fmt: skip
