"""Forms of the library."""

from collections.abc import Sequence

from wtforms import HiddenField, MultipleFileField, SelectField
from wtforms.validators import InputRequired, ValidationError

from portal.materials.models import LONGEST_TITLE
from portal.people.models import Organisation
from portal.web.forms import Form, StringField

NO_FILE = "请先选择文件。"


def chosen_files(field: MultipleFileField) -> None:
    """Leave the files that were chosen: browsers send an empty one where none was."""
    field.data = [file for file in field.data or [] if getattr(file, "filename", "")]


class UploadForm(Form):
    """Files and whose they are."""

    owner = SelectField("归哪个组织", [InputRequired("请选择组织。")], coerce=int)
    file = MultipleFileField("文件", description="可以一次选择多个。")

    def offer(self, owners: Sequence[Organisation]) -> None:
        """Set what can be chosen."""
        self.owner.choices = [(owner.id, owner.name) for owner in owners]

    def validate_file(self, field: MultipleFileField) -> None:
        """At least one."""
        chosen_files(field)
        if not field.data:
            raise ValidationError(NO_FILE)


class RenameForm(Form):
    """What a material is called."""

    title = StringField("名称", [InputRequired("请填写名称。")])
    version = HiddenField()

    def validate_title(self, field: StringField) -> None:
        """No longer than the column; says how long it is."""
        length = len(field.data or "")
        if length > LONGEST_TITLE:
            raise ValidationError(f"名称最多 {LONGEST_TITLE} 个字，现在有 {length} 个，请改短。")
