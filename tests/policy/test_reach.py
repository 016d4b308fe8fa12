"""What statements that are built once say about reach: the same as those built for one asker, at any time."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from portal import clock, db
from portal.db import Base, Scoped
from portal.policy.permissions import Permission, Scope
from portal.policy.reach import SOMEBODY, asked_by, somewhere

MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Scoped)),
    key=lambda model: model.__name__,
)


@pytest.mark.parametrize(("model", "scope"), [*product(MODELS, Scope)], ids=str)
def test_no_criterion_knows_what_time_it_was_when_it_was_built(app, model: Any, scope: Scope):
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        later = constants(model, scope)

    assert constants(model, scope) == later


def test_a_criterion_that_knows_would_be_found(app):
    class Hasty(Scoped):
        @classmethod
        def within(cls, reach: Any, account: Any) -> Any:
            return SOMEBODY.id == clock.now().year

    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        later = constants(Hasty, Scope.SCHOOL)

    assert constants(Hasty, Scope.SCHOOL) != later


@pytest.mark.parametrize("who", ["hana", "otto", "ada", "nora", "paul", "ona", "sam", "grace"])
def test_who_asks_by_parameters_reaches_the_same_rows(cast, who: str):
    account = getattr(cast, who)
    for model, permission in product(MODELS, Permission):
        scopes, asker = asked_by(account, permission)
        shared = (
            db.session.scalars(select(model).where(model.reachable_by_asker(scopes)), asker).unique().all()
        )

        assert set(shared) == set(db.session.scalars(model.visible_to(account, permission)).unique())


def constants(model: Any, scope: Scope) -> tuple[str, dict[str, Any]]:
    """The criterion as SQL, and the values it carries that are not asked for at each execution."""
    compiled = model.within(somewhere(scope), SOMEBODY).compile(dialect=sqlite.dialect())
    carried = (bind for bind in compiled.bind_names if bind.callable is None and not bind.required)
    return str(compiled), {compiled.bind_names[bind]: bind.value for bind in carried}
