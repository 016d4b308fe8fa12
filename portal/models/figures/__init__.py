"""Numbers of schools and networks that are kept or counted."""
