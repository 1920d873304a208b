"""A new table that refers to an old one, a new column filled from others, a wider one, an index, a rule."""

from typing import Any

from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    client = apps.get_model("clients", "Client")
    for row in client.objects.using(editor.connection.alias).all():
        client.objects.using(editor.connection.alias).filter(id=row.id).update(call_sign=row.id.hex[:8])


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]
    operations = [
        migrations.AddField("client", "call_sign", models.CharField(max_length=8, default="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("client", "call_sign", models.CharField(max_length=40, unique=True)),
        migrations.CreateModel(
            "Nickname",
            [
                ("id", models.UUIDField(primary_key=True)),
                ("client", models.ForeignKey("clients.client", on_delete=models.PROTECT, related_name="+")),
                ("words_sealed", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["client"], name="one_nickname_per_client")],
            },
        ),
        migrations.AddIndex("nickname", models.Index(fields=["id", "client"], name="nickname_by_client")),
    ]
