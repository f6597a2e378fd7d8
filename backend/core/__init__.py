"""Ground every domain stands on: settings, database, jobs, inbox, problems, ids, crypto, logging."""
