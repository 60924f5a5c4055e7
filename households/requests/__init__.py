"""What a person asks about their own data: to see it, correct it, restrict its use, have a judgement explained."""
