"""Readable numbers with a check digit for cases, households and referrals (design §4).

The alphabet has no vowels and no look-alikes, so that no word appears and a number survives a telephone.
"""

import secrets

ALPHABET = "0123456789BCDFGHJKMNPQRTVWXY"
PERSON_GROUPS = (4, 4)
HOUSEHOLD_GROUPS = (3, 3)


def check_character(body):
    """Return the Luhn mod 28 check character of `body` (str of ALPHABET); catches a slip and a neighbour swap."""
    total, factor, size = 0, 2, len(ALPHABET)
    for char in reversed(body):
        addend = factor * ALPHABET.index(char)
        total += addend // size + addend % size
        factor = 3 - factor
    return ALPHABET[-total % size]


def make_number(groups, random=secrets):
    """Return a new number such as "3FK-72M-8" for `groups` (3, 3); `random` offers `choice`."""
    body = "".join(random.choice(ALPHABET) for _ in range(sum(groups)))
    return format_number(body + check_character(body), groups)


def unused_numbers(count, groups, taken=(), random=secrets):
    """Yield `count` new numbers that differ from each other and from `taken`; for loading many at once.

    Short numbers do meet: among 24,000 households two draw the same body about every second time.
    """
    drawn = set(taken)
    while count:
        number = make_number(groups, random)
        if number not in drawn:
            drawn.add(number)
            count -= 1
            yield number


def format_number(raw, groups):
    """Return `raw` (body and check character) with its dashes."""
    parts, start = [], 0
    for length in (*groups, 1):
        parts.append(raw[start : start + length])
        start += length
    return "-".join(parts)


def is_number(text, groups):
    """Tell whether `text`, with or without dashes and in any case, is a well-formed number with a right check."""
    raw = plain(text)
    if len(raw) != sum(groups) + 1 or any(char not in ALPHABET for char in raw):
        return False
    return check_character(raw[:-1]) == raw[-1]


def read_number(text, groups):
    """Return the number that `text` means, as it is kept: "3fk72m8" is "3FK-72M-8"; None where it is no such number.

    Dashes and spaces may be missing and the case does not matter; the check character must be right.
    """
    return format_number(plain(text), groups) if is_number(text, groups) else None


def plain(text):
    """Return `text` in capitals without dashes and spaces."""
    return "".join(char for char in text.upper() if char.isalnum())
