"""The household page: what to do next, why the household stands where it stands, and who lives there."""
