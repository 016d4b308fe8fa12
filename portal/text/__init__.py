"""How codes, names and sentences are written. Uses neither Flask nor the database."""
