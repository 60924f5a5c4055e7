"""The demo register: made-up people whose published totals are right (docs/benchmarks.md names the sources).

Nobody here exists. The totals (entrants by year and sex, age at entry, residents by region) are the published ones;
everything else (households, hardship, contacts, signals) is our own making and says nothing about anybody.
"""
