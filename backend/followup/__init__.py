"""Tasks: the next step of every open lead."""
