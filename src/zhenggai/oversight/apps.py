"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``oversight``."""

    name = "zhenggai.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let drafts go at once when what they press for is settled."""
        from zhenggai.workflow.settled import when_settled  # models are loaded only now

        when_settled("zhenggai.oversight.actions.ladder.let_go_of")
