"""Which of the two roles migrates."""


class OwnerMigrates:
    """Tables are made through `owner` only. Both aliases are one database, so objects may meet across them."""

    def allow_migrate(self, db, app_label, **hints):
        """Return True for the owner alone; the serving role never changes a table."""
        return db == "owner"

    def allow_relation(self, *objects, **hints):
        """Return True: a row read through one role may point at a row read through the other."""
        return True
