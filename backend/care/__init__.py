"""Care from evaluation to discharge: visits, plan of care, outcome measures."""
