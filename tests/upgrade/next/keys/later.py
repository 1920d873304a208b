"""The other store changes too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("keys", "0001_initial")]
    operations = [
        migrations.AddField("compartmentkey", "retired", models.BooleanField(default=False)),
        migrations.AddIndex("compartmentkey", models.Index(fields=["retired"], name="retired_keys")),
    ]
