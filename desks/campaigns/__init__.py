"""The pages of the survey campaign: open one, see how it goes, ask a household."""
