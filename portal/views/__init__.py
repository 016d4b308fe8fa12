"""One blueprint per noun: index, show, create, update, delete, and nothing else."""

from flask import Flask

from portal.views import (
    access_codes,
    accounts,
    browsers,
    children,
    code_resets,
    email_checks,
    emails,
    families,
    guardian_limits,
    guardians,
    health,
    home,
    instruction_mails,
    instructions,
    languages,
    letters,
    networks,
    pairings,
    password_resets,
    passwords,
    portal_access,
    redemptions,
    revocations,
    roster_imports,
    second_factors,
    sign_ins,
    sign_up_checks,
    staff_sign_ins,
    students,
)

BLUEPRINTS = (
    access_codes.bp,
    accounts.bp,
    browsers.bp,
    children.bp,
    code_resets.bp,
    email_checks.bp,
    emails.bp,
    families.bp,
    guardian_limits.bp,
    guardians.bp,
    health.bp,
    home.bp,
    instruction_mails.bp,
    instructions.bp,
    languages.bp,
    letters.bp,
    networks.bp,
    pairings.bp,
    password_resets.bp,
    passwords.bp,
    portal_access.bp,
    redemptions.bp,
    revocations.bp,
    roster_imports.bp,
    second_factors.bp,
    sign_ins.bp,
    sign_up_checks.bp,
    staff_sign_ins.bp,
    students.bp,
)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
