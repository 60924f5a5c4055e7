"""What a data request puts into the person's hands: their own record in plain words, and the reasons of a judgement."""
