"""What a villager's message means, and what is done about it."""
