"""Recording a crisis of a household, and taking a mistaken entry back."""
