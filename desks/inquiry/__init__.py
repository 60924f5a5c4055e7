"""The inquiry: what was known of one household on a day, who saw it, what they did; as a page and on paper."""
