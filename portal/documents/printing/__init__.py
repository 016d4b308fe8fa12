"""Printing in a process of its own, so that no web worker ever holds the PDF engine (decision 30)."""
