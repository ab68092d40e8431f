"""The search index of publications: normal forms, and what each database needs to find pairs of characters fast."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE portal_published_pairs"
        " USING fts5(pairs, content='', detail=none, columnsize=0, tokenize='ascii')",
    ),
    "postgresql": (
        "ALTER TABLE portal_publishedtext ADD COLUMN pairs tsvector NOT NULL DEFAULT ''",
        "CREATE INDEX portal_published_pairs ON portal_publishedtext USING gin (pairs) WITH (fastupdate = off)",
    ),
}
DROP = {
    "sqlite": ("DROP TABLE portal_published_pairs",),
    "postgresql": ("DROP INDEX portal_published_pairs", "ALTER TABLE portal_publishedtext DROP COLUMN pairs"),
}


def create_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PublishedText",
            fields=[
                (
                    "publication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="notices.publication",
                    ),
                ),
                ("text", models.TextField()),
            ],
        ),
        migrations.RunPython(create_index, drop_index),
    ]
