"""How long a sign-in lasts, what a password must be, how often one may try, who may leave."""
