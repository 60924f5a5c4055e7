from django.db import migrations, models

# Until a household is judged anew nobody knows where its run begins, and a desk would count attempts of years ago.
JUDGE_ANEW = "INSERT INTO touched (household_id) SELECT household_id FROM risk_standing"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_initial"),
        ("risk", "0006_incidents"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="run_since",
            field=models.DateTimeField(
                help_text="what was tried up to then counts no longer; null: everything counts", null=True
            ),
        ),
        migrations.RunSQL(JUDGE_ANEW, migrations.RunSQL.noop),
    ]
