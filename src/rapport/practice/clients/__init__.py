"""The person, how to reach them safely, what they agreed to."""
