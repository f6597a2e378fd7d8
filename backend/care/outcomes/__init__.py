"""Outcome scores of patients: entered, asked for by link, kept with the rules that made them."""
