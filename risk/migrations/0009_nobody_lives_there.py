from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0008_search_end_needs_second"),
    ]

    operations = [
        migrations.AlterField(
            model_name="campaignhousehold",
            name="out_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("benefit", "Receives the livelihood or medical benefit"),
                    ("job", "Somebody has a regular job"),
                    ("empty", "Nobody lives there any more"),
                ],
                max_length=8,
            ),
        ),
    ]
