"""This instance as its visitors see it: which data it shows, under which address, and how old they are."""
