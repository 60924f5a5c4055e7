"""Shortening and extending protection: the request, the Consultative Council, the decision, the objection."""
