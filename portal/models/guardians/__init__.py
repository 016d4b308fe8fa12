"""Pairings of guardians and students: made, revoked, restricted, listed."""
