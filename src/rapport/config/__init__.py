"""The switchboard: settings, addresses, command line."""
