import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from referrals.models.alarm import REACHES


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0003_network'),
        ('households', '0005_absence_of_an_assignment'),
        ('referrals', '0005_ground_review'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('station', models.CharField(choices=[('acknowledge', 'Receipt'), ('answer', 'Acceptance'), ('contact', 'First contact'), ('outcome', 'Outcome'), ('confirm', 'Sender confirms'), ('again', 'Ask again'), ('reply', 'Answer to the question')], max_length=12)),
                ('begins_at', models.DateTimeField()),
                ('rung', models.PositiveSmallIntegerField(choices=[(1, 'Person in charge'), (2, 'Supervisor'), (3, 'Head of the centre or department'), (4, 'Ministry desk')])),
                ('ran_out_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('skipped', models.BooleanField(default=False)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='Note')),
                ('referral', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='referrals.referral')),
                ('to_agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('to_user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-raised_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('acknowledged_at', None), ('skipped', False)), fields=['to_user', '-raised_at'], name='alarm_waiting'), models.Index(fields=['to_user', '-raised_at'], name='alarm_of_user')],
                'constraints': [models.UniqueConstraint(fields=('referral', 'station', 'begins_at', 'rung', 'to_user'), name='alarm_raised_once'), models.CheckConstraint(condition=models.Q(('acknowledged_at__isnull', False), ('note', ''), _connector='OR'), name='alarm_note_when_acknowledged')],
            },
        ),
        migrations.RunSQL(REACHES, 'DROP FUNCTION referral_clock_reaches'),
    ]
