"""Keys, passwords and signed links."""
