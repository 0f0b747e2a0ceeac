"""What a role requires, how much it weighs, how well it must be mastered, and what a person brings."""
