"""Sessions: their series, their clock, who came, and what the hour itself did."""
