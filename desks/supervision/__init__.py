"""The supervision sheet of one worker: numbers to talk about, never to compare, and the notes of the two."""
