"""What a client reads, agrees to and wants: the agreement and their goals."""
