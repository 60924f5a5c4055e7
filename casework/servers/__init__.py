"""PostgreSQL and Redis as child processes of our own, for machines that have neither (design §4)."""
