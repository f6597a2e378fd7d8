"""What the practice may say of its own work: named metrics over the history, reports, scorecards. A read model."""
