"""The processes of an installation, and the web server in them (decision 26)."""
