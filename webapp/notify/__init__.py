"""Notices: what subscribers asked to be told, sent to them by whoever syncs."""
