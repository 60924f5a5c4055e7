"""The monthly report of a centre (월간 실적 보고): counted from the log, put right with a reason, frozen as sent."""
