"""The two engines, and what tells which of them answers."""

from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.adapters.sql_publishing import SqlModelFigures, SqlPublishing
from assistant.database import SqlDatabase
from assistant.pipeline.route_models import RouteModels, TrialNow
from assistant.settings import Settings


def build_engines(settings: Settings, publishing: SqlPublishing, database: SqlDatabase) -> RouteModels:
    """The dialogue of both; the store says what is on trial."""
    secrets = settings.secret("engine_token"), settings.secret("data_key")
    live, candidate = (RasaDialogue(settings.process_url(name), *secrets) for name in ("engine", "candidate"))
    return RouteModels(live, candidate, TrialNow(publishing), SqlModelFigures(database))
