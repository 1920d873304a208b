"""What a service can say of a period: flow, rates, trends, what is missing, what limits it, and in which words."""
