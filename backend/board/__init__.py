"""The kanban: columns and cards, read only. Moves are `leads.service.move`."""
