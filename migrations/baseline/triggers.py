"""The triggers of the baseline: tables that are only added to, and marks of totals that are to be counted again.

A trigger runs once a row on SQLite, and once a statement on PostgreSQL.
"""

from collections.abc import Iterator

ROWS = {"insert": ("NEW",), "update": ("NEW", "OLD"), "delete": ("OLD",)}

# Tables that are only added to.

#: The table, what the database refuses, and the sentence with which it does.
KEPT = (
    ("events", ("UPDATE", "DELETE"), "events are append-only"),
    ("field_changes", ("UPDATE", "DELETE"), "field changes are append-only"),
    ("notes", ("DELETE",), "notes are never deleted"),
    ("former_notes", ("UPDATE", "DELETE"), "former_notes are never deleted"),
)

SQLITE_KEPT = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""

POSTGRESQL_KEPT = """
CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
CREATE FUNCTION refuse_field_change_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'field changes are append-only'; END $$;
CREATE FUNCTION refuse_note_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'notes are never deleted'; END $$;

CREATE TRIGGER events_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change();
CREATE TRIGGER field_changes_are_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON field_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_field_change_change();
CREATE TRIGGER notes_stay BEFORE DELETE OR TRUNCATE ON notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_note_change();
CREATE TRIGGER former_notes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON former_notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_note_change();
"""

# Totals of schools: a change to any of these tables marks the school in `school_changes`.

#: The table, and how a row of it leads to the school.
OF_STUDENT = "(SELECT school_id FROM students WHERE id = {row}.student_id)"
COUNTED = {
    "students": "{row}.school_id",
    "access_codes": OF_STUDENT,
    "pairings": OF_STUDENT,
    "point_people": OF_STUDENT,
    "attendance_years": OF_STUDENT,
    "supports": "{row}.school_id",
    "memberships": "{row}.school_id",
    "school_years": "{row}.school_id",
}

#: One mark is enough where nobody else writes meanwhile.
SQLITE_SCHOOL = """
INSERT INTO school_changes (school_id) SELECT {school} WHERE {school} IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM school_changes WHERE school_id = {school});
"""

#: Each statement leaves its own marks: to look for another's would be to wait for it.
POSTGRESQL_COUNTED = """
CREATE FUNCTION note_{table}_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO school_changes (school_id) SELECT school_id FROM ({schools}) AS found WHERE school_id IS NOT NULL;
RETURN NULL; END $$;
CREATE TRIGGER {table}_{verb}_is_counted AFTER {verb} ON {table} REFERENCING {named}
FOR EACH STATEMENT EXECUTE FUNCTION note_{table}_{verb}();
"""
SCHOOLS = "SELECT {school} AS school_id FROM {rows}"

# Totals of networks: a change to any of these tables marks the network, or the school, in `network_changes`.

#: The table, whom its marks name, and in which column a row says it. Which networks a marked school is in
#: is looked up later: one that is joining at this moment is not seen yet.
ADDED_UP = {
    "networks": ("network_id", "id"),
    "network_schools": ("network_id", "network_id"),
    "schools": ("school_id", "id"),
    "school_totals": ("school_id", "school_id"),
    "school_counts": ("school_id", "school_id"),
    "staff_counts": ("school_id", "school_id"),
}
#: Those that are new or gone are in no network.
ONLY_UPDATES = ("networks", "schools")

SQLITE_SUM = """
INSERT INTO network_changes ({whom}) SELECT {row}.{column}
WHERE NOT EXISTS (SELECT 1 FROM network_changes WHERE {whom} = {row}.{column});
"""

POSTGRESQL_ADDED_UP = """
CREATE FUNCTION note_sum_of_{table}_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
INSERT INTO network_changes ({whom}) SELECT DISTINCT {column} FROM ({rows}) AS changed;
RETURN NULL; END $$;
CREATE TRIGGER {table}_{verb}_is_added_up AFTER {verb} ON {table} REFERENCING {named}
FOR EACH STATEMENT EXECUTE FUNCTION note_sum_of_{table}_{verb}();
"""
SUMS = "SELECT {column} FROM {rows}"

SQLITE_MARKS = "CREATE TRIGGER {table}_{verb}_{what} AFTER {verb} ON {table} BEGIN {marks} END"


def on_sqlite() -> Iterator[str]:
    """One statement a trigger."""
    for table, verbs, sentence in KEPT:
        for verb in verbs:
            yield SQLITE_KEPT.format(table=table, verb=verb, sentence=sentence)
    for table, school in COUNTED.items():
        for verb, rows in ROWS.items():
            marks = "".join(SQLITE_SCHOOL.format(school=school.format(row=row)) for row in rows)
            yield SQLITE_MARKS.format(table=table, verb=verb, what="is_counted", marks=marks)
    for table, verb, whom, column in _added_up():
        marks = "".join(SQLITE_SUM.format(whom=whom, row=row, column=column) for row in ROWS[verb])
        yield SQLITE_MARKS.format(table=table, verb=verb, what="is_added_up", marks=marks)


def on_postgresql() -> Iterator[str]:
    """The function of each trigger, and the trigger."""
    yield POSTGRESQL_KEPT
    for table, school in COUNTED.items():
        for verb, rows in ROWS.items():
            found = [SCHOOLS.format(school=school.format(row=each), rows=each) for each in _changed(rows)]
            schools, named = " UNION ".join(found), _named(rows)
            yield POSTGRESQL_COUNTED.format(table=table, verb=verb, schools=schools, named=named)
    for table, verb, whom, column in _added_up():
        changed = [SUMS.format(column=column, rows=each) for each in _changed(ROWS[verb])]
        words = {"table": table, "verb": verb, "whom": whom, "column": column, "named": _named(ROWS[verb])}
        yield POSTGRESQL_ADDED_UP.format(rows=" UNION ALL ".join(changed), **words)


def _added_up() -> Iterator[tuple[str, str, str, str]]:
    for table, (whom, column) in ADDED_UP.items():
        for verb in ("update",) if table in ONLY_UPDATES else ROWS:
            yield table, verb, whom, column


def _changed(rows: tuple[str, ...]) -> list[str]:
    """The tables in which PostgreSQL shows what a statement changed, as it is now (NEW) and was (OLD)."""
    return [f"{row.lower()}_rows" for row in rows]


def _named(rows: tuple[str, ...]) -> str:
    return " ".join(f"{row} TABLE AS {table}" for row, table in zip(rows, _changed(rows), strict=True))
