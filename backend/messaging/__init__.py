"""Texting: conversations, messages, consent, opt-out, and the one gate every text passes."""
