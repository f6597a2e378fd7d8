"""The loop back to the referrer: letters, how they are sent, and what comes back of them."""
