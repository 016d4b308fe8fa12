"""Rosters: reading what a district sends, saying what would change, and changing it."""
