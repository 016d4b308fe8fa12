"""Letters of many students: who gets one, and what it says."""
