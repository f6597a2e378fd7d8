"""A mail server of the sandbox: real IMAP over a socket (pymap on a Maildir), by password or by token, and a way in."""
