"""Mail: what is said (messages), how it leaves the house (sender), and that it does (delivery)."""
