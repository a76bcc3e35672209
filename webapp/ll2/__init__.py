"""Launch Library 2, the source: asking it, and understanding what it says."""
