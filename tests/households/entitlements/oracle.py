"""The criteria once more, in plain Python and one person at a time: what the one statement must agree with."""

from datetime import date, timedelta

from casework.clock import add_months

EVER = date.max


def anniversary(day, years):
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def both(values):
    """Kleene's and: no beats unknown, unknown beats yes."""
    values = list(values)
    return False if False in values else None if None in values else True


def either(values):
    values = list(values)
    return True if True in values else None if None in values else False


def answer(criteria, facts, on):
    """Return True, False or None for one person's facts (values as the statement is given them)."""
    groups = {}
    for place, criterion in enumerate(criteria):
        if not criterion.get("check"):
            groups.setdefault(criterion.get("group") or place, []).append(holds(criterion, facts, on))
    return both(either(group) for group in groups.values())


def holds(criterion, p, on):
    return globals()[f"_{criterion['word']}"](criterion, p, on)


def day(p, name):
    return date.fromisoformat(p[name]) if p.get(name) else None


def _defector(c, p, on):
    return p["defector"]


def _with_defector(c, p, on):
    return p["with_defector"]


def _child_of_defector(c, p, on):
    no = None if p["defector"] is None else not p["defector"]
    return both([p["role"] == "child", no, p["parent_defector"]])


def _one_of(name):
    return lambda c, p, on: None if p[name] is None else p[name] in c["codes"]


_disability, _illness = _one_of("disability"), _one_of("illness")
_employment, _lives_in = _one_of("employment"), _one_of("sido")


def _decision(c, p, on):
    if p["decision"] is None or p["decision"] in c["codes"]:
        return None if p["decision"] is None else True
    if p["decision"] == "suspended":
        return None
    return p["decision"] == "changed" and "protected" in c["codes"]


def _within(start, years, on):
    return None if start is None else start <= on < anniversary(start, years)


def _since_move_in(c, p, on):
    return _within(day(p, "moved_in_on"), c["years"], on)


def _home_since_move_in(c, p, on):
    return _within(day(p, "home_moved_in_on"), c["years"], on)


def _over(p, on):
    moved = day(p, "moved_in_on")
    return moved is not None and on >= anniversary(moved, 5)


def _residence_protected(c, p, on):
    if p["protected_until"] and on <= day(p, "protected_until"):
        return None if p["decision"] == "suspended" else True
    if p["last_protected_on"] or p["decision"] in ("non_protected", "none") or _over(p, on):
        return False
    return None


def _protection_over(c, p, on):
    if p["last_protected_on"]:
        return on > day(p, "last_protected_on")
    return None if p["moved_in_on"] is None else _over(p, on)


def _facility_left(c, p, on):
    left = day(p, "facility_until")
    return None if left is None else left < on <= add_months(left, c["months"])


def _aged(c, p, at):
    first, last = day(p, "born_first"), day(p, "born_last")
    if first is None or at is None:
        return None
    least, most = c.get("least", 0), c.get("most", 500)
    surely = at >= anniversary(last, least) and at < anniversary(first, most + 1)
    maybe = at >= anniversary(first, least) and at < anniversary(last, most + 1)
    return True if surely else None if maybe else False


def _age(c, p, on):
    return _aged(c, p, on)


def _age_at_decision(c, p, on):
    return _aged(c, p, day(p, "decided_on"))


def _entered(c, p, on):
    came = day(p, "entered_on")
    since, until = c.get("since", "0001-01-01"), c.get("until", "9999-12-31")
    return None if came is None else date.fromisoformat(since) <= came <= date.fromisoformat(until)


def _measured(c, p):
    if p["median_krw"] is None:
        return None
    return p["income_krw"] * 100 <= p["median_krw"] * c["percent"]


def _income_below_line(c, p, on):
    if p["income_krw"] is not None:
        return _measured(c, p)
    return {None: None, "below_line": True}.get(p["income"], False)


def _income_up_to(c, p, on):
    if p["income_krw"] is not None:
        return _measured(c, p)
    return True if p["income"] == "below_line" else None


def _receiving(c, p, on):
    known = [(p["benefits"] or {}).get(code) for code in c["codes"]]
    return either(None if value is None else value == "receiving" for value in known)


def _not_receiving(c, p, on):
    receives = _receiving(c, p, on)
    return None if receives is None else not receives


def _child_at_home(c, p, on):
    if p["children"] == 0:
        return False
    if p["child_born"] and on < anniversary(day(p, "child_born"), c["under"]):
        return True
    last = day(p, "child_born_last")
    return None if last is None or on < anniversary(last, c["under"]) else False


def _single_parent(c, p, on):
    if p["children"] == 0 or p["role"] != "head" or p["has_spouse"] or p["marital"] == "married":
        return False
    return None if p["marital"] is None else True


def _third_country_child(c, p, on):
    return None if p["other_child"] else False


def _employed(c, p, on):
    works = _employment(c, p, on)
    if not c["months"]:
        return works
    since = day(p, "employed_since")
    return both([works, None if since is None else on >= add_months(since, c["months"])])


def _lives_there(c, p, on):
    since = day(p, "sido_since")
    return None if since is None else on >= anniversary(since, c["years"])


def _household_size(c, p, on):
    return c.get("least", 0) <= p["size"] <= c.get("most", 99)


def _not_kept(c, p, on):
    return None


def last_day(state, until):
    """Say whether a last day fits: only what is likely has one, and it lies on the day asked about or later."""
    return until is None or (state is True and until >= date.min + timedelta(days=1))
