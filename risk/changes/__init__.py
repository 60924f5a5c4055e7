"""A change of a rule: what may be proposed, what it would do to everybody, and the steps to a decision."""
