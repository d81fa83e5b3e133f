"""Forms of the inbox."""

from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.messages.models import MessageKind
from portal.web.forms import Form


class KindsForm(Form):
    """Which kinds of messages somebody wants."""

    wanted = SelectMultipleField(
        "接收哪些消息",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self) -> None:
        """Set what can be chosen."""
        self.wanted.choices = [(kind.value, kind.label) for kind in MessageKind]
