"""The `frontdesk` command: `python -m backend.cli <command>`."""
