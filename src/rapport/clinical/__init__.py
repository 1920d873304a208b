"""The ground floor: what the field knows, as pure functions of their arguments.

No framework, no clock, no hidden randomness; the only thing read is data shipped inside the package. Instants, zones
and seeds are arguments. Codes and numbers come out (unrounded); the top floor makes sentences of them.
"""
