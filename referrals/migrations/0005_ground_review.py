import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who sent it for urgent danger stands at the review, so that nobody looks at their own."""

    dependencies = [
        ('referrals', '0004_webhook'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='groundreview',
            options={'ordering': ['id']},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='groundreview',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='groundreview',
            name='update_update',
        ),
        migrations.AddField(
            model_name='groundreview',
            name='asked_by',
            field=models.ForeignKey(default=None, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='groundreviewevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, default=None, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            preserve_default=False,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groundreview',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "referrals_groundreviewevent" ("asked_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "referral_id", "reviewed_at", "reviewed_by_id", "upheld") VALUES (NEW."asked_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."reason", NEW."referral_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."upheld"); RETURN NULL;', hash='14dacbeaa426b289fbcf7722ce21d2f5d9d34732', operation='INSERT', pgid='pgtrigger_insert_insert_52527', table='referrals_groundreview', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groundreview',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "referrals_groundreviewevent" ("asked_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "referral_id", "reviewed_at", "reviewed_by_id", "upheld") VALUES (NEW."asked_by_id", NEW."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."reason", NEW."referral_id", NEW."reviewed_at", NEW."reviewed_by_id", NEW."upheld"); RETURN NULL;', hash='0b1c94975e501e1513f16922c73da583970b35cd', operation='UPDATE', pgid='pgtrigger_update_update_eecb8', table='referrals_groundreview', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='groundreview',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='ground_reviewed_by_another', violation_error_message='Somebody else looks at it than who sent it.'),
        ),
    ]
