"""What happens when a clock has run out: named people are told, rung by rung, until the step is taken."""
