"""The death of a person: what ends with it, what is asked afterwards, and what is done for those who stay."""
