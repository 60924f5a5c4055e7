"""What can go wrong with the machine, said in one sentence."""


class ServerTrouble(Exception):
    """The embedded servers cannot run here; the message is the sentence the user reads."""


_LIMITED = "Files below {place} may not grow any further (ulimit -f): lift that limit and start again."
_KNOWN = {
    "No space left on device": "The disk is full: free some space below {place} and start again.",
    "Disk quota exceeded": "This user's share of the disk is full: free some space below {place} and start again.",
    "File too large": _LIMITED,
    "File size limit exceeded": _LIMITED,
    "Read-only file system": "The disk is read-only: {place} cannot be written.",
    "Permission denied": "This user may not write {place}: change its owner, or set CASEWORK_VAR to another folder.",
    "Cannot allocate memory": "There is not enough memory to start the servers (about 1 GB is needed).",
}


def explained(text, place, otherwise):
    """Return the sentence that fits the error output `text`; `otherwise` where none does."""
    for sign, sentence in _KNOWN.items():
        if sign in text:
            return sentence.format(place=place)
    return otherwise
