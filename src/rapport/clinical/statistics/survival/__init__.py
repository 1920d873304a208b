"""How long until something happens, when for some it has not happened yet or something else came first."""
