"""Embedded PostgreSQL and Valkey for development, tests and small installations."""
