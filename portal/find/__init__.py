"""Find anything: one box over all that the reader may see."""
