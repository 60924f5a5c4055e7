"""The first catalogue of entitlements, as it was found at the beginning; later versions are two officers' work."""

import json
from pathlib import Path

from django.db import migrations

FIRST = Path(__file__).parents[1] / "data" / "entitlements_2026.json"


def write(apps, schema_editor):
    """Add what is missing; what stands is left as it is."""
    using = schema_editor.connection.alias
    entry, version = (apps.get_model("households", name) for name in ("Entitlement", "EntitlementVersion"))
    for told in json.loads(FIRST.read_text(encoding="utf-8")):
        versions = told.pop("versions")
        made, new = entry.objects.using(using).get_or_create(code=told.pop("code"), defaults=told)
        if new:
            version.objects.using(using).bulk_create(
                version(entitlement=made, status="approved", **words) for words in versions
            )


class Migration(migrations.Migration):
    dependencies = [("households", "0009_entitlement")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
