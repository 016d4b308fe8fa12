"""Settings > Letter."""
