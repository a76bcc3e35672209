"""Pictures: fetched by whoever syncs, made small in a process of its own, kept in the store."""
