"""The person and their coverage."""
