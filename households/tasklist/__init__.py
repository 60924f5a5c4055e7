"""A worker's own tasks, with or without a household, and putting off what is due for a few days with a reason."""
