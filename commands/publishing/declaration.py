"""Declare the publishing feature, its words and limits."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, SubCommands, Topic, _, words

feature = Feature(
    "publishing", Path(__file__).parent, needs=("decision_rules", "public_site", "verify_page")
)

PUBLISH_ACT, WITHDRAW_ACT = "publish", "unpublish"
STANDING_ACT, ENDING_ACT = "publish-decisions", "unpublish-decisions"
REMAKE_JOB = feature.job("remake")
DECIDED_JOB = feature.job("decided")
NAMED_JOB = feature.job("named")
POSTED_JOB = feature.job("posted")

PUBLISHING = Topic(
    "publishing",
    words(
        "publicaciones",
        "publicações",
        "publications",
        "lo público, hacer público | o público, tornar público | public, what is public",
    ),
    _("What is public"),
)
PUBLISH_WORDS = words("publicar", "publicar", "publish", "publica | publique | publish now")
WITHDRAW_WORDS = words(
    "retirar",
    "retirar",
    "withdraw",
    "despublicar, despublica, retira, retira de lo público"
    " | despublicar, despublique, retire, tirar do público | unpublish",
)
STANDING_WORDS = words(
    "decisiones",
    "decisões",
    "decisions",
    "las decisiones, todas las decisiones, lo decidido, todo lo que se decida"
    " | as decisões, todas as decisões, o decidido, tudo o que se decidir"
    " | all decisions, every decision, the decisions, all the decisions",
)
NAME_WORDS = words(
    "mi nombre",
    "meu nome",
    "my name",
    "mi nombre de, mi nombre en, mi nombre de la, mi nombre en la"
    " | meu nome de, meu nome da, meu nome do, meu nome na, o meu nome, o meu nome de, o meu nome"
    " da, o meu nome do, o meu nome na"
    " | my name from, my name in, my name out of",
)
PUBLISH_SUBS, WITHDRAW_SUBS = SubCommands(), SubCommands()
"""The words behind `!publish` and behind `!withdraw`."""
PAGE_LINES = 15
FINAL = _("Whoever keeps a copy keeps it, even if you withdraw it later.")
"""Stands before every yes by which something becomes public."""
