"""How two people work together, as far as it can be asked: sliders, speaking freely, ruptures, licensed forms."""
