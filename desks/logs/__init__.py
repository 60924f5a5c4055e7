"""The access log for the privacy auditor."""
