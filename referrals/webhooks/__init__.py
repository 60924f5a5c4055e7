"""Telling agencies' systems that a referral has moved: number, event, moment and link, and nothing else."""
