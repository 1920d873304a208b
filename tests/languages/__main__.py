"""`make languages`: bring every catalogue up to date, and say what is not translated yet.

A new language: `.venv/bin/python -m tests.languages fr`.
"""

from __future__ import annotations

import sys

from django.conf import settings


def main(wanted: list[str]) -> int:
    settings.configure(USE_I18N=True)  # templates are read, nothing else of Django
    from tests.languages.catalogues import languages, po_of, update
    from tests.languages.faults import faults_of

    wrong = 0
    for language in wanted or languages():
        faults = faults_of(update(language))
        sys.stdout.writelines(f"{fault}\n" for fault in faults)
        sys.stdout.write(f"{po_of(language)}: {len(faults)} to mend\n")
        wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
