"""Faxes: from a document on the wire to a filed referral."""
