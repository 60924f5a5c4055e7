"""A referral as a FHIR R4 Bundle, out and back in."""
