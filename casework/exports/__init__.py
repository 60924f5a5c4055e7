"""How lists go out: asked for with a reason, made in the background, taken away once and forgotten after a day."""
