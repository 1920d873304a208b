"""Who cares for whom: the manager's page."""
