"""The pages of the back-test: which crises would have been warned of, and whom the criteria flag."""
