"""Finding a person by however the name was heard, spelled or begun."""
