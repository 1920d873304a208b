"""What comes from elsewhere: read carefully, or refused with the place and the remedy."""
