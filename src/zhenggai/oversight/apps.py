"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``oversight``."""

    name = "zhenggai.oversight"
    label = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let drafts go at once when what they press for is settled."""
        from zhenggai.oversight.actions.ladder import let_go_of  # models are ready only now
        from zhenggai.workflow.settled import when_settled

        when_settled(let_go_of)
