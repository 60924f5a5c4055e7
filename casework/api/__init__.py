"""How other agencies' systems talk to this one: tokens, errors, landing once, throttling."""
