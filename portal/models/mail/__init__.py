"""Mail that is owed, sent or in doubt."""
