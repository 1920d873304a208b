"""How the two work together: what the client says after the hour, speaking freely, ruptures, licensed forms."""
