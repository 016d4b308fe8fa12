"""Access codes, one by one and for many students."""
