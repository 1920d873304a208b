"""The invented practice. Built through actions only, by the people who would have done it, at the time they would."""
