"""The monthly report of a centre: its steps. What is counted for it stands on the roof (`desks.monthly`)."""
