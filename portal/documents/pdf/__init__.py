"""The PDF engine, and pages made of boxes at fixed places."""
