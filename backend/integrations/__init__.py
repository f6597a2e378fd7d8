"""Adapters to vendors, one folder each, implementing the ports of the domains."""
