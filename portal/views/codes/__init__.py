"""Access codes of one student and of many."""
