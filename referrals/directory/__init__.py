"""The directory of services: who can help with what, where and when; kept by the agencies themselves."""
