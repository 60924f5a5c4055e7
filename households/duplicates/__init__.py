"""Records that may be of one person: found with reasons, linked by people, undone in one step."""
