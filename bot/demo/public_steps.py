"""The lines of the tour about what becomes public: of a room, and with another network."""

from __future__ import annotations

from collections.abc import Sequence

from bot.demo.tour_step import FOLDER, JOIN_PREFIX, PRIVATE, PUBLIC, ROOM, TourStep

BY_A_ROOM: Sequence[TourStep] = (
    # A room that everybody can read, besides the folder of files that the configuration names.
    TourStep("ana", ROOM, "!publicar sala #noticias", r"(?s)Solo escribo yo.*¿Sigo", "publishing"),
    TourStep("ana", ROOM, "sí", r"(?P<news>#noticias:\S+) está abierta", "publishing"),
    TourStep("ana", PUBLIC, JOIN_PREFIX + "{news}", needs="publishing"),
    # It is shown to whoever moderates before it becomes public, and withdrawn again.
    TourStep("ana", ROOM, "!avisar Feria en la plaza", r"Aviso (?P<fair>\d+): Feria", "publishing"),
    TourStep(
        *("ana", ROOM, "minga, publica el último aviso"),
        *(r"(?s)queda público.*“Feria en la plaza”.*¿Sigo", "publishing"),
    ),
    TourStep("ana", ROOM, "sí", r"“Feria en la plaza”, ahora es público", "publishing"),
    TourStep("ana", PUBLIC, "", r"aviso {fair}: “Feria en la plaza”", "publishing"),
    TourStep("ana", PRIVATE, "", r"¿Puede estar\?", "publishing"),
    TourStep("ana", PRIVATE, "mejor no", r"Tu nombre no está", "publishing"),
    TourStep(
        *("bea", FOLDER, "es/announcement-{fair}.html"),
        *(r"Feria en la plaza", "publishing"),
    ),
    TourStep("ana", ROOM, "!publicar {radio}", r"(?s)queda público.*Taller de radio", "publishing"),
    TourStep("ana", ROOM, "sí", r"ahora es público", "publishing"),
    TourStep("bea", ROOM, "!publicar", r"{radio}: evento", "publishing"),
    TourStep("ana", ROOM, "!saca la {radio} de internet", r"ya no es público", "publishing"),
    # All that the room decides from now on; each decision says so when it opens.
    TourStep(
        *("ana", ROOM, "minga, todas las decisiones de esta sala desde ahora"),
        *(r"(?s)Desde ahora.*¿Sigo", "publishing"),
    ),
    TourStep("ana", ROOM, "sí", r"lo que decida esta sala se hace público", "publishing"),
    TourStep(
        *("ana", ROOM, "!propuesta Abrimos el archivo hasta mañana 18h"),
        *(r"(?s)Propuesta (?P<archive>\d+).*se hará público", "publishing"),
    ),
    TourStep("ana", ROOM, "!publicar decisiones no", r"ya no se hace público", "publishing"),
)

JOINT: Sequence[TourStep] = (
    # By now each has told the other the same result. Each network says yes; then each shows it.
    TourStep("ana", ROOM, "!publicar {joint}", r"(?s)Cada una.*¿Sigo", "joint_publication"),
    TourStep("ana", ROOM, "sí", r"Pregunté a", "joint_publication"),
    TourStep("dora", ROOM, "", r"pregunta: ¿puede hacerse público “Carta", "joint_publication"),
    TourStep("dora", ROOM, "!red aceptar {asked}", r"¿Sigo", "joint_publication"),
    TourStep("dora", ROOM, "sí", r"Todas las redes aceptan|Pregunté a", "joint_publication"),
    TourStep("ana", ROOM, "", r"Todas las redes aceptan", "joint_publication"),
    TourStep("ana", ROOM, "!publicar {joint}", r"(?s)queda público.*¿Sigo", "joint_publication"),
    TourStep("ana", ROOM, "sí", r"“Carta por el agua”, ahora es público", "joint_publication"),
    TourStep("ana", PUBLIC, "", r"decisión {joint}: “Carta por el agua”", "joint_publication"),
    TourStep("dora", ROOM, "!publicar {asked}", r"(?s)queda público.*¿Sigo", "joint_publication"),
    TourStep("dora", ROOM, "sí", r"“Carta por el agua”, ahora es público", "joint_publication"),
    TourStep("bea", FOLDER, "es/decision-{joint}.html", r"Carta por el agua", "joint_publication"),
    TourStep("dora", FOLDER, "es/decision-{asked}.html", r"Carta por el agua", "joint_publication"),
)
