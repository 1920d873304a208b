"""Who may do what: one decision point, deny by default."""
