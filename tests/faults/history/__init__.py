"""A practice under many hands, written down as a history and checked against what it must never do."""
