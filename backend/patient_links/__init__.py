"""Links in texts that open one thing for one patient: made here, opened by `patient_pages`."""
