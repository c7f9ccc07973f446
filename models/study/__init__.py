"""Study as a service: material, plans, what is due to whom, by which way it arrived. Nothing here counts a person."""
