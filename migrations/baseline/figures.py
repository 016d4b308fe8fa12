"""Totals of schools and networks, and the marks of what is to be counted again."""

from migrations.baseline.columns import day, index, key, moment, number, reference, table, text

table(
    "school_totals",
    reference("school_id", "schools", primary_key=True),
    text("band", 12, primary_key=True),
    number("enrolled"),
    number("enabled"),
    number("with_one"),
    number("with_two"),
    number("without_point_person"),
    number("students_known", server_default="0"),
    number("days_known"),
    number("days_absent"),
    index("band", "school_id"),
)

table(
    "school_counts",
    reference("school_id", "schools", primary_key=True),
    moment("counted_at"),
    moment("fresh_until"),
    number("supports_running"),
)

table(
    "staff_counts",
    reference("school_id", "schools", primary_key=True),
    number("school_admin"),
    number("delegated_admin"),
    number("school_wide_editor"),
    number("school_wide_viewer"),
    number("caseload_editor"),
    number("caseload_viewer"),
    number("no_access"),
)

table(
    "school_snapshots",
    reference("school_id", "schools", primary_key=True),
    day("day", primary_key=True),
    number("enrolled"),
    number("enabled"),
    number("with_one"),
    number("with_two"),
    number("without_point_person"),
    number("days_known"),
    number("days_absent"),
    number("supports_running"),
    index("day"),
)

table(
    "school_changes",
    key(),
    reference("school_id", "schools"),
    index("school_id"),
)

table(
    "network_totals",
    reference("network_id", "networks", primary_key=True),
    text("band", 12, primary_key=True),
    number("enrolled", nullable=True),
    number("enabled", nullable=True),
    number("with_one", nullable=True),
    number("with_two", nullable=True),
    number("without_point_person", nullable=True),
    number("days_known", nullable=True),
    number("days_absent", nullable=True),
    number("supports"),
    number("school_admin"),
    number("delegated_admin"),
    number("school_wide_editor"),
    number("school_wide_viewer"),
    number("caseload_editor"),
    number("caseload_viewer"),
    number("no_access"),
    number("schools"),
    moment("counted_at", nullable=True),
    moment("fresh_until", nullable=True),
)

table(
    "network_changes",
    key(),
    reference("network_id", "networks", nullable=True),
    reference("school_id", "schools", nullable=True),
    index("network_id"),
    index("school_id"),
)
