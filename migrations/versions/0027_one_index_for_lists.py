"""On SQLite, one index for lists of students in the place of two: it holds, in their order, all a search looks at."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_index("ix_students_list", "students", ["school_id", "sort_key", "id", "search_key", "left_at"])
    op.drop_index("ix_students_school_id_sort_key_id", "students")
    op.drop_index("ix_students_school_id_search_key", "students")
