"""Assembly: settings become the parts a process holds."""
