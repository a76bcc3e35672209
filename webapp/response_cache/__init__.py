"""The response cache: finished responses, and what they are made of, kept in memory within one budget of bytes."""
