"""Speed as ratios measured in one run: machines differ and are noisy, ratios much less."""
