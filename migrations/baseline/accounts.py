"""Accounts, how they sign in, what they did, and where staff may act."""

from migrations.baseline.columns import (
    blob,
    flag,
    index,
    json,
    key,
    moment,
    number,
    public_id,
    reference,
    table,
    text,
    unique,
)

table(
    "accounts",
    key(),
    text("kind", 8),
    text("email", 254),
    text("given_name", 120),
    text("family_name", 120),
    text("password_hash", 200, nullable=True),
    text("language", 12, nullable=True),
    moment("created_at"),
    moment("email_verified_at", nullable=True),
    moment("closed_at", nullable=True),
    moment("last_signed_in_at", nullable=True),
    public_id(),
    text("title", 120, nullable=True),
    text("source_id", 255, nullable=True, unique=True),
    moment("off_file_at", nullable=True),
    json("grid_columns", nullable=True),
    blob("totp_sealed", nullable=True),
    number("totp_last_step", nullable=True),
    text("sort_key", 260, nullable=True),
    text("search_key", 500, nullable=True),
    unique("kind", "email"),
)

table(
    "former_emails",
    reference("account_id", "accounts", primary_key=True),
    text("email", 254, primary_key=True),
    index("email"),
)

table(
    "sign_ins",
    key(),
    reference("account_id", "accounts"),
    blob("token_hash", 32, unique=True),
    moment("created_at"),
    moment("last_seen_at"),
    moment("ends_at"),
    moment("password_given_at", nullable=True),
    moment("second_factor_at", nullable=True),
    text("browser", 200, nullable=True),
    text("address", 45, nullable=True),
    public_id(),
    index("account_id"),
)

table(
    "recovery_codes",
    key(),
    reference("staff_id", "accounts"),
    blob("digest", 32, unique=True),
    moment("used_at", nullable=True),
    index("staff_id"),
)

table(
    "throttle_counts",
    blob("key", 32, primary_key=True),
    number("tries"),
    moment("last_try_at"),
    moment("resets_at"),
)

table(
    "events",
    key(),
    moment("at"),
    text("kind", 40),
    reference("account_id", "accounts", nullable=True),
    reference("student_id", "students", nullable=True),
    reference("about_id", "accounts", nullable=True),
    text("address", 45, nullable=True),
    json("details", nullable=True),
    index("at"),
    index("kind", "at"),
    index("student_id", "id"),
)

table(
    "memberships",
    key(),
    reference("staff_id", "accounts"),
    reference("school_id", "schools"),
    text("level", 24),
    text("own_title", 120, nullable=True),
    moment("created_at"),
    moment("review_since", nullable=True),
    public_id(),
    unique("staff_id", "school_id"),
    index("school_id"),
)

table(
    "network_memberships",
    key(),
    reference("staff_id", "accounts"),
    reference("network_id", "networks"),
    text("level", 24),
    flag("can_manage_users"),
    flag("portfolio_is_all"),
    moment("created_at"),
    public_id(),
    unique("staff_id", "network_id"),
    index("network_id"),
)

table(
    "portfolio_schools",
    reference("network_membership_id", "network_memberships", primary_key=True),
    reference("school_id", "schools", primary_key=True),
    index("school_id"),
)

table(
    "trusted_statuses",
    key(),
    reference("membership_id", "memberships", nullable=True),
    reference("network_membership_id", "network_memberships", nullable=True),
    reference("confirmed_by_id", "accounts"),
    moment("confirmed_at"),
    text("wording"),
    index("membership_id"),
    index("network_membership_id"),
)
