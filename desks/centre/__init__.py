"""The desk of a supervisor: reviews, caseloads, absences, reassignment, the week on paper."""
