"""Protection of a person: what was decided, for how long, what is done before it ends, and the Minister's notice."""
