"""Sequences: what happens for a lead step by step until somebody is reached, as the practice wrote it."""
