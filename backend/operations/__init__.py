"""What an administrator looks at: jobs that gave up, provider events, and how to run them again."""
