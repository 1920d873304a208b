"""Sign-in, invitations and the public crisis page."""
