"""The search index: a table of normal forms, and beside it what each database needs to find pairs of characters fast."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE findings_search_pairs"
        " USING fts5(pairs, content='', detail=none, columnsize=0, tokenize='ascii')",
    ),
    "postgresql": (
        "ALTER TABLE findings_searchtext ADD COLUMN pairs tsvector NOT NULL DEFAULT ''",
        "CREATE INDEX findings_search_pairs ON findings_searchtext USING gin (pairs) WITH (fastupdate = off)",
    ),
}
DROP = {
    "sqlite": ("DROP TABLE findings_search_pairs",),
    "postgresql": ("DROP INDEX findings_search_pairs", "ALTER TABLE findings_searchtext DROP COLUMN pairs"),
}


def create_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("findings", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="findings.finding",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(create_index, drop_index),
    ]
