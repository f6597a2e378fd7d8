"""Appointments: who can come when and to whom, booking, moving, canceling, what became of them."""
