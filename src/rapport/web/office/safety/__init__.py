"""How many alerts wait, and who could take them."""
