"""Practices (tenants), locations, users, roles, sessions and API keys: who acts, and what they may do."""
