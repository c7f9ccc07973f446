"""What the staff's words mean, and what is done about them."""
