"""One file for each place of the desk."""
