"""From an effect to the homeserver: entries, rendering, the outbox, one executor for each kind."""
