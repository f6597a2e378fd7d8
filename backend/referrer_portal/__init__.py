"""What a secure link opens for a referrer: where their patients are, letters, plans to sign, messages, referrals."""
