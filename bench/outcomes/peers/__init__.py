"""The peers, each in a file that runs in the bench's own environment or in R, and how they get there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "rapport-bench"
WANTED = "statsmodels==0.15.*", "polars==2.*", "duckdb==2.*"


def python() -> Path:
    """A Python with the peers in it, made once in a folder of the bench's own; never ours."""
    found = CACHE / "peers" / "bin" / "python"
    mark = CACHE / "peers" / "installed"
    if not mark.exists() or mark.read_text() != "\n".join(WANTED):
        print("Installing the peers (once) ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", CACHE / "peers"], check=True)
        subprocess.run([found, "-m", "pip", "install", "--quiet", *WANTED], check=True)
        mark.write_text("\n".join(WANTED))
    return found


def rscript() -> Path | None:
    """R with lme4: from Debian where we may install, None where there is neither."""
    if not has_lme4() and shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing R and lme4 (once) ...", flush=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "r-base-core", "r-cran-lme4"], check=True)
    return Path(shutil.which("Rscript") or "") if has_lme4() else None


def has_lme4() -> bool:
    r = shutil.which("Rscript")
    return bool(r) and not subprocess.run([r, "-e", "library(lme4)"], capture_output=True, check=False).returncode
