"""The HTTP process: API, webhooks, live events, health, and the built SPA."""
