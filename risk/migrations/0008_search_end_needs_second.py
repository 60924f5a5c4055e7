from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0007_standing_run_since"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchend",
            name="needs_second",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    Q(("machine_band__gte", 4), ("reason", "other"), _connector="OR"),
                    output_field=models.BooleanField(),
                ),
                output_field=models.BooleanField(),
            ),
        ),
    ]
