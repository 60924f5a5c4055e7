"""The pages of a change of a rule: the list, a new one, what it would do, and the steps to a decision."""
