"""What a patient does on their phone, behind a link in a text: no account, one short session per link."""
