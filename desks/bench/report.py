"""What was measured, as a page."""

from desks.bench import entitlements, handling, network

PAGE = """# Benchmarks

Written by `make bench`; do not edit. {day}, {machine}.
Load of the machine before it began: {before:.1f}; after: {after:.1f}
(above the number of cores, somebody else was working too).

The demo register with {people:,} defectors in {households:,} households, {signals:,} signals and {contacts:,} contacts
({disk}). Loading it (without the first sweep): {load:.0f} s. All people are made up; the totals of entrants,
ages and regions are published ones (`desks/demo/data`, sources in the files).

## Sweep

| What | Measured | Goal |
|---|---|---|
| All rules, every household | {sweep[median]:.2f} s (best {sweep[best]:.2f} s) | 3 s |
| One sequential SELECT over the same tables | {sweep[read]:.2f} s | |
| Ratio | {ratio:.1f} | 15 |
| One household anew, p50 / p95 | {one[p50]:.0f} / {one[p95]:.0f} ms | p95 300 ms |
| From saving to the list, through Redis and the worker, p50 / p95 | {seen[p50]:.0f} / {seen[p95]:.0f} ms | 2 s |

Bands: {bands}.

## Decisions

| What | Measured | Goal |
|---|---|---|
| What-if of one rule, every household, both ways, median | {whatif[median]:.2f} s (best {whatif[best]:.2f} s) | 1 s |
| Back-test: 12 month ends, {backtest[rules]} rules, every household | {backtest[seconds]:.1f} s | 60 s |
| Inquiry page, p50 / p95 | {inquiry[p50]:.0f} / {inquiry[p95]:.0f} ms | 1 s |

{two_ways}

## Entitlements

| What | Measured | Goal |
|---|---|---|
{entitlements}

## Pages

Real gunicorn (2 processes, 2 threads each), answers read to the end; the asking side runs on the same cores.
Own queries: without session, user, grants and access log.

| Page | Role | 1 user p50 / p95 ms | 16 users p50 / p95 ms | requests/s with 16 | queries in all / own |
|---|---|---|---|---|---|
{pages}

The at-risk list of the widest role takes {times:.1f} times the bare view at one user (goal: 5; p95 at most 60 ms).

{network}

{handling}

## Imports

Each by its command in a process of its own, into a database of its own; start-up counted.

| File | Rows | Seconds | Rows a second | Peak memory MB |
|---|---|---|---|---|
{files}

Goal for signals: 1,000,000 rows in 90 s and 300 MB.

## Search

150 ways to ask for people of the largest centre, as its head: recall among what is shown {search[recall]:.1%}
(goal 98%), p50 / p95 {search[p50]:.0f} / {search[p95]:.0f} ms (goal p95 50 ms).
"""

TWO_WAYS = """The hits of ten rules, found two ways in this run over every household (`desks/bench/engine.py`):

| Way | Seconds |
|---|---|
| Gathered once in SQL, the ten rules asked of it | {ours:.2f} |
| Rows prefetched, household by household in Python with `rule-engine` | {engine:.1f} |

{times:.0f} times faster (goal: 20); {hits:,} hits, {apart} found by only one of the two."""
ONE_SIZE = "Household by household in Python is measured at the usual size only: alone it takes a quarter of an hour."


def page(found: dict) -> str:
    """Return the page for what was `found`."""
    bare, widest = found["pages"][0], found["pages"][1]
    return PAGE.format(
        day=found.pop("day"),
        ratio=found["sweep"]["median"] / found["sweep"]["read"],
        times=widest.p50 / bare.p50,
        network=network.page(found.pop("network")),
        handling=handling.page(found.pop("handling")),
        entitlements=entitlements.page(found.pop("entitlements")),
        two_ways=TWO_WAYS.format(**found["engine"]) if found["engine"] else ONE_SIZE,
        pages="\n".join(_page_row(row) for row in found.pop("pages")),
        files="\n".join(_file_row(row) for row in found.pop("files")),
        **found,
    )


def _page_row(row) -> str:
    name = row.page if row.status == 200 else f"{row.page} (answered {row.status})"
    queries = f"{row.queries} / {row.own}" if row.queries else ""
    return (
        f"| {name} | {row.who} | {row.p50:.1f} / {row.p95:.1f} | {row.many_p50:.0f} / {row.many_p95:.0f} "
        f"| {row.rate:.0f} | {queries} |"
    )


def _file_row(row: dict) -> str:
    name = f"{row['file']} (some rows refused)" if row["refused"] else row["file"]
    return (
        f"| {name} | {row['rows']:,} | {row['seconds']:.1f} | {row['rows'] / row['seconds']:,.0f} | {row['peak']:.0f} |"
    )
