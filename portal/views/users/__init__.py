"""The staff of schools and networks."""
