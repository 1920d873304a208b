"""What leaves the practice: the outbox and its deliveries."""
