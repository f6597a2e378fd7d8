"""The lead: stages, order on the board, owner, history."""
