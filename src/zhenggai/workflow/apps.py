"""Tells Django about the room."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``workflow``."""

    name = "zhenggai.workflow"
    label = "workflow"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say in the room ``people`` what keeps an account from being closed."""
        # Models cannot be imported before all rooms are loaded, and this module is loaded first.
        from zhenggai.people.leaving import register_check
        from zhenggai.workflow.duties import refuse_with_duties

        register_check(refuse_with_duties)
