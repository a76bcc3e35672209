"""Admission control: who may have a response made anew, how much of it, and how many at once."""
