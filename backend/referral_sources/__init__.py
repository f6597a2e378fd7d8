"""Practices and providers who refer."""
