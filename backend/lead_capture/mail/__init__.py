"""Mailboxes the practice reads its referrals and requests from: every mail is kept first, then understood."""
