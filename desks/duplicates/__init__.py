"""What pages about a person and a household show of a second record that is linked."""
