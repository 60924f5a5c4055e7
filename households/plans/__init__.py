"""The service plan (서비스 제공계획): goals in the client's words, steps, the agreement, reviews, what came of it."""
