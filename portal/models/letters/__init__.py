"""Letters: who gets one, in which order they are printed, and the text that a school wrote for them."""
