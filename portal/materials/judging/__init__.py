"""What a file is: judged by its content, never by its name. Pure: paths in, a verdict out."""

from portal.materials.judging.deciding import judge
from portal.materials.judging.verdict import KINDS_TAKEN, RefusedFileError, Verdict

__all__ = ["KINDS_TAKEN", "RefusedFileError", "Verdict", "judge"]
