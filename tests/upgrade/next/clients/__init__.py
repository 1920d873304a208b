"""The migrations of this version, and one of a version that does not exist."""

from rapport.practice.clients import migrations

__path__ += migrations.__path__
