"""Making, checking, saving and running an installation."""
