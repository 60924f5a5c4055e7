import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0002_network'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='referral',
            name='update_update',
        ),
        migrations.AddField(
            model_name='referral',
            name='follows',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='referrals.referral'),
        ),
        migrations.AddField(
            model_name='referralevent',
            name='follows',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='referrals.referral'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "referrals_referralevent" ("acknowledged_at", "answered_at", "client_key", "clock_from", "closed_at", "confirmed_at", "consent_id", "contacted_at", "failed_at", "follows_id", "from_agency_id", "ground", "handler_id", "household_id", "id", "need", "number", "outcome", "outcome_text", "packet", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provided_at", "reason", "recorded_at", "request", "rerouted_from_id", "route_id", "sender_id", "sent_at", "status", "title", "to_agency_id", "urgency", "waits_for", "waits_since") VALUES (NEW."acknowledged_at", NEW."answered_at", NEW."client_key", NEW."clock_from", NEW."closed_at", NEW."confirmed_at", NEW."consent_id", NEW."contacted_at", NEW."failed_at", NEW."follows_id", NEW."from_agency_id", NEW."ground", NEW."handler_id", NEW."household_id", NEW."id", NEW."need", NEW."number", NEW."outcome", NEW."outcome_text", NEW."packet", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."provided_at", NEW."reason", NEW."recorded_at", NEW."request", NEW."rerouted_from_id", NEW."route_id", NEW."sender_id", NEW."sent_at", NEW."status", NEW."title", NEW."to_agency_id", NEW."urgency", NEW."waits_for", NEW."waits_since"); RETURN NULL;', hash='ede2146837e8367357a42ede39412589b6497181', operation='INSERT', pgid='pgtrigger_insert_insert_a74c8', table='referrals_referral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "referrals_referralevent" ("acknowledged_at", "answered_at", "client_key", "clock_from", "closed_at", "confirmed_at", "consent_id", "contacted_at", "failed_at", "follows_id", "from_agency_id", "ground", "handler_id", "household_id", "id", "need", "number", "outcome", "outcome_text", "packet", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provided_at", "reason", "recorded_at", "request", "rerouted_from_id", "route_id", "sender_id", "sent_at", "status", "title", "to_agency_id", "urgency", "waits_for", "waits_since") VALUES (NEW."acknowledged_at", NEW."answered_at", NEW."client_key", NEW."clock_from", NEW."closed_at", NEW."confirmed_at", NEW."consent_id", NEW."contacted_at", NEW."failed_at", NEW."follows_id", NEW."from_agency_id", NEW."ground", NEW."handler_id", NEW."household_id", NEW."id", NEW."need", NEW."number", NEW."outcome", NEW."outcome_text", NEW."packet", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."provided_at", NEW."reason", NEW."recorded_at", NEW."request", NEW."rerouted_from_id", NEW."route_id", NEW."sender_id", NEW."sent_at", NEW."status", NEW."title", NEW."to_agency_id", NEW."urgency", NEW."waits_for", NEW."waits_since"); RETURN NULL;', hash='29b88fff44b45ea1bc264a89bcb122e98efe7094', operation='UPDATE', pgid='pgtrigger_update_update_223e7', table='referrals_referral', when='AFTER')),
        ),
    ]
