"""Help for anybody, signed in or not."""
