"""Who looked at or changed which patient: append-only and hash-chained."""
