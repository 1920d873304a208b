"""A change that builds a guarded table anew, and lays its guards again as it owes."""

from django.db import migrations, models

from rapport.practice.sessions.migrations._guards import lay_again


class Migration(migrations.Migration):
    dependencies = [("therapy_sessions", "0002_no_double_booking"), ("clients", "later")]
    operations = [
        migrations.AddField("therapysession", "weather", models.CharField(max_length=20, default="fair")),
        migrations.RunPython(lay_again, migrations.RunPython.noop),
    ]
