"""The filled-in form as a PDF for the record system."""
