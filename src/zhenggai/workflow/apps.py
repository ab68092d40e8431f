"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``workflow``."""

    name = "zhenggai.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say in the room ``people`` what keeps an account from being closed."""
        from zhenggai.people.leaving import register_check  # models are loaded only now

        register_check("zhenggai.workflow.duties.refuse_with_duties")
