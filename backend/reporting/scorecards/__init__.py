"""What a practice tells a referrer of their patients: one page from data, or why the data cannot carry it."""
