"""Study that reaches people: what is planned, how it gets to each, what they say to it."""
