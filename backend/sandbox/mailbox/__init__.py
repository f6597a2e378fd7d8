"""A mail server of the sandbox: real IMAP over a socket (pymap on a Maildir), and a way to put e-mails into it."""
