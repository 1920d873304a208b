"""What every clinical room shares: typed errors, periods, number cards."""
