"""What the models describe for one database only holds on both."""

from flask import Flask
from sqlalchemy import inspect

from portal.db import Base, db


def test_every_partial_index_of_the_models_is_partial_in_the_database(app: Flask):
    described = {
        index.name
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }

    found = {
        index["name"]
        for indexes in inspect(db.engine).get_multi_indexes().values()
        for index in indexes
        if {"sqlite_where", "postgresql_where"} & set(index.get("dialect_options", {}))
    }

    assert len(described) == 8
    assert found == described
