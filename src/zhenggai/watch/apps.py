"""Tells Django about the room, and ledgers that the room follows them."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """The room ``watch``."""

    name = "zhenggai.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Run rules again after each change of a ledger."""
        from zhenggai.ledgers.listening import listen  # models are loaded only now

        listen("zhenggai.watch.tasks.ask_runs")
