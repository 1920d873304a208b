"""The database itself holds the diary free of overlaps; `_guards` says how, and what a later migration owes it."""

from django.db import migrations

from rapport.practice.sessions.migrations._guards import allow, forbid


class Migration(migrations.Migration):
    dependencies = [("therapy_sessions", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
