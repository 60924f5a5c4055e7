"""Education records: what was attended, who is missing, and the booklets beside the topics."""
