"""Schools, their classes and years, and the networks they belong to."""
