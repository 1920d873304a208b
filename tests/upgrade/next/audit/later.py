"""The trail gains a column; its entries are never written anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.AddField("auditevent", "country", models.CharField(max_length=2, null=True))]
