"""The worker process: claims due jobs, keeps their leases, runs their handlers."""
