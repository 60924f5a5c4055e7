"""Entitlements, explained: the catalogue as dated rules, the answers for a household, and what was applied for."""
