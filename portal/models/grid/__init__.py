"""The Data Grid: its columns, filters and changes."""
