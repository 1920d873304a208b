"""Which answers need a person, by when, and what may truthfully be promised. Never a risk level."""
