"""Forms of records: what is begun, written, said, voted, resolved, confirmed, summed up, added."""

from portal.records.forms.closing import AddendumForm, ConfirmForm, SummaryForm
from portal.records.forms.deciding import ProgressForm, ResolutionForm, VoteForm
from portal.records.forms.writing import (
    BeginForm,
    PreparedForm,
    RecordForm,
    StatementForm,
    SupplementForm,
    TemplateForm,
)

__all__ = [
    "AddendumForm",
    "BeginForm",
    "ConfirmForm",
    "PreparedForm",
    "ProgressForm",
    "RecordForm",
    "ResolutionForm",
    "StatementForm",
    "SummaryForm",
    "SupplementForm",
    "TemplateForm",
    "VoteForm",
]
