"""Papers as LibreOffice lays them out, for tests that read what a reader would see."""

import shutil
import subprocess
from pathlib import Path

from tests.instances import left_out


def pages_of(file: Path) -> list[str]:
    """Return the text of each page of an office file; the test is left out without LibreOffice."""
    soffice, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if soffice is None or reader is None:
        left_out("libreoffice", "no soffice or no pdftotext on this machine")
    folder = file.parent
    profile = f"-env:UserInstallation=file://{folder / 'office'}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file],
        check=True,
        capture_output=True,
        timeout=120,
    )
    done = subprocess.run(
        [reader, "-layout", file.with_suffix(".pdf"), "-"], check=True, capture_output=True
    )
    return [page for page in done.stdout.decode().split("\f") if page.strip()]
