"""Who did what to whose record, in a chain that shows tampering."""
