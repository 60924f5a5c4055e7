from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0002_circumstances"),
    ]

    operations = [
        migrations.AlterField(
            model_name="batch",
            name="kind",
            field=models.CharField(
                choices=[
                    ("register", "Register"),
                    ("signals", "Crisis signals"),
                    ("contacts", "Contacts"),
                    ("circumstances", "Circumstances"),
                    ("screenings", "Screenings"),
                    ("incidents", "Recorded crises"),
                ],
                max_length=20,
            ),
        ),
    ]
