"""How each language writes days and numbers, where Django leaves it to us."""
