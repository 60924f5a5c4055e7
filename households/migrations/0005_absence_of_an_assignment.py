from django.db import migrations, models

# What a substitute has because of an absence was written in the transaction of the absence, or later with the same
# words. Facts are never changed, so the trigger that holds that rests while the new column is filled.
MARK = """
ALTER TABLE households_assignment DISABLE TRIGGER USER;
UPDATE households_assignment given SET absence = away.fact_id
FROM households_absence away
WHERE given.kind = 'substitute' AND given.worker_id = away.substitute_id AND given.reason <> ''
    AND NOT isempty(away.during) AND given.during <@ away.during
    AND EXISTS (
        SELECT FROM households_assignment first
        WHERE first.tx = away.tx AND first.kind = 'substitute' AND first.worker_id = given.worker_id
            AND first.reason = given.reason
    );
ALTER TABLE households_assignment ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0004_reach_and_absence"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="absence",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
