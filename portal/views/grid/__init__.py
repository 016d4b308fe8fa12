"""The Data Grid."""
