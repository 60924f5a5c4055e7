"""Crisis signals from systems of agencies."""
