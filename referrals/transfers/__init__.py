"""Transfers (이관): a household's file goes from one Hana Center to another, and is nobody's for not one day."""
