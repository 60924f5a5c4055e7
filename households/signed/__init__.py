"""What reports share that one person makes ready, a second one signs off, and nobody changes once they were sent."""
