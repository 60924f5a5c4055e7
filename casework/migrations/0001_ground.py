"""What every later table leans on: the extensions and the counter of facts."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL("CREATE SEQUENCE fact_id_seq", "DROP SEQUENCE fact_id_seq"),
    ]
