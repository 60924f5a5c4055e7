"""Who is on duty for an agency at night and at weekends, and on which days it is closed: kept by the agency itself."""
