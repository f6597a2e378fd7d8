"""Care from evaluation to discharge: episodes, visits, plans of care."""
