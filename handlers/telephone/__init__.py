"""The telephone desk: what a clerk sees while the villager still speaks, and what is filed in the end."""
