"""Rosters: parse the files of a district, compare them with what is stored, and preview or apply the changes."""
