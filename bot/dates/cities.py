"""Names of places for time zones: labels in es, pt and en, and other names."""

from __future__ import annotations

LABELS: dict[str, tuple[str, str, str]] = {
    zone: (names * 3)[:3] if len(names) == 1 else names  # type: ignore[misc]
    for zone, names in {
        "America/Bogota": ("Bogotá",),
        "America/Mexico_City": ("Ciudad de México", "Cidade do México", "Mexico City"),
        "America/Argentina/Buenos_Aires": ("Buenos Aires",),
        "America/Argentina/Cordoba": ("Córdoba, Argentina",),
        "America/Sao_Paulo": ("São Paulo",),
        "America/Lima": ("Lima",),
        "America/Guayaquil": ("Quito",),
        "America/Caracas": ("Caracas",),
        "America/La_Paz": ("La Paz",),
        "America/Asuncion": ("Asunción", "Assunção", "Asunción"),
        "America/Montevideo": ("Montevideo", "Montevidéu", "Montevideo"),
        "America/Santiago": ("Santiago",),
        "America/Costa_Rica": ("San José, Costa Rica",),
        "America/Panama": ("Panamá", "Panamá", "Panama"),
        "America/Guatemala": ("Guatemala",),
        "America/El_Salvador": ("San Salvador",),
        "America/Tegucigalpa": ("Tegucigalpa",),
        "America/Managua": ("Managua", "Manágua", "Managua"),
        "America/Havana": ("La Habana", "Havana", "Havana"),
        "America/Santo_Domingo": ("Santo Domingo", "São Domingos", "Santo Domingo"),
        "America/Puerto_Rico": ("San Juan, Puerto Rico",),
        "America/Port-au-Prince": ("Puerto Príncipe", "Porto Príncipe", "Port-au-Prince"),
        "America/Cancun": ("Cancún",),
        "America/Tijuana": ("Tijuana",),
        "America/Monterrey": ("Monterrey",),
        "America/Merida": ("Mérida, Yucatán",),
        "America/Mazatlan": ("Mazatlán",),
        "America/Ciudad_Juarez": ("Ciudad Juárez",),
        "America/Manaus": ("Manaus",),
        "America/Belem": ("Belém",),
        "America/Cuiaba": ("Cuiabá",),
        "America/Maceio": ("Maceió",),
        "America/Araguaina": ("Araguaína",),
        "America/Santarem": ("Santarém, Brasil",),
        "America/Noronha": ("Fernando de Noronha",),
        "America/New_York": ("Nueva York", "Nova York", "New York"),
        "America/Los_Angeles": ("Los Ángeles", "Los Angeles", "Los Angeles"),
        "Europe/Lisbon": ("Lisboa", "Lisboa", "Lisbon"),
        "Europe/Madrid": ("Madrid", "Madri", "Madrid"),
        "Europe/London": ("Londres", "Londres", "London"),
        "Europe/Paris": ("París", "Paris", "Paris"),
        "Europe/Berlin": ("Berlín", "Berlim", "Berlin"),
        "Europe/Rome": ("Roma", "Roma", "Rome"),
        "Europe/Brussels": ("Bruselas", "Bruxelas", "Brussels"),
        "Africa/Luanda": ("Luanda",),
        "Africa/Maputo": ("Maputo",),
        "UTC": ("UTC",),
    }.items()
}

ALSO: dict[str, str] = {
    "America/Bogota": "colombia, medellin, cali, barranquilla, bucaramanga, pereira, manizales,"
    " santa marta, pasto, popayan, ibague, villavicencio, cucuta, quibdo, leticia, bogota dc,"
    " bogota d.c.",
    "America/Mexico_City": "cdmx, df, mexico df, mexico d.f., cd mexico, cd de mexico, puebla,"
    " oaxaca, queretaro, toluca, veracruz, morelia, cuernavaca, chiapas, tuxtla gutierrez,"
    " san cristobal de las casas",
    "America/Argentina/Buenos_Aires": "argentina, caba, bs as, bsas, la plata, rosario,"
    " mar del plata, buenosaires",
    "America/Sao_Paulo": "sampa, sp, rio de janeiro, rio, brasilia, belo horizonte, bh, curitiba,"
    " porto alegre, florianopolis, vitoria, goiania, campinas, santos, niteroi, sao luis do"
    " paraitinga",
    "America/Bahia": "salvador da bahia, salvador de bahia",
    "America/Recife": "olinda, pernambuco, joao pessoa, natal",
    "America/Fortaleza": "ceara, sao luis, teresina",
    "America/Maceio": "aracaju",
    "America/Belem": "macapa, para",
    "America/Rio_Branco": "acre",
    "America/Lima": "peru, cusco, cuzco, arequipa, trujillo",
    "America/Guayaquil": "ecuador, equador, guayaquil, cuenca",
    "America/Caracas": "venezuela, maracaibo, barquisimeto",
    "America/La_Paz": "bolivia, santa cruz de la sierra, cochabamba, el alto, sucre",
    "America/Asuncion": "paraguay, paraguai",
    "America/Montevideo": "uruguay, uruguai",
    "America/Santiago": "santiago de chile, santiago do chile, valparaiso, concepcion, temuco",
    "America/Costa_Rica": "san jose de costa rica, san jose costa rica",
    "America/Panama": "ciudad de panama, cidade do panama",
    "America/Guatemala": "ciudad de guatemala",
    "America/El_Salvador": "el salvador",
    "America/Tegucigalpa": "honduras, san pedro sula",
    "America/Managua": "nicaragua",
    "America/Havana": "cuba",
    "America/Santo_Domingo": "republica dominicana, dominican republic",
    "America/Puerto_Rico": "puerto rico, porto rico, san juan",
    "America/New_York": "nueva york, nova iorque, nyc, ny, miami, boston, washington, atlanta",
    "America/Los_Angeles": "la ca, san francisco, california, seattle",
    "America/Chicago": "houston, dallas, austin",
    "America/Merida": "yucatan",
    "Europe/Lisbon": "portugal, porto, oporto, coimbra",
    "Europe/Madrid": "barcelona, sevilla, bilbao",
    "Atlantic/Canary": "canarias, las palmas, tenerife",
    "Europe/London": "reino unido, united kingdom, uk",
    "Africa/Luanda": "angola",
    "Africa/Maputo": "mozambique, mocambique",
    "Atlantic/Cape_Verde": "cabo verde, praia",
    "UTC": "gmt, z, tiempo universal, etc/utc, etc/gmt",
}

SEVERAL: dict[str, tuple[str, ...]] = {
    "san jose": ("America/Costa_Rica", "America/Los_Angeles"),
    "cordoba": ("America/Argentina/Cordoba", "Europe/Madrid"),
    "merida": ("America/Merida", "America/Caracas", "Europe/Madrid"),
    "valencia": ("Europe/Madrid", "America/Caracas"),
    "leon": ("America/Mexico_City", "America/Managua", "Europe/Madrid"),
    "cartagena": ("America/Bogota", "Europe/Madrid"),
    "guadalajara": ("America/Mexico_City", "Europe/Madrid"),
    "santarem": ("America/Santarem", "Europe/Lisbon"),
    "salvador": ("America/Bahia", "America/El_Salvador"),
    "georgetown": ("America/Guyana", "Asia/Kuala_Lumpur"),
    "mexico": ("America/Mexico_City", "America/Cancun", "America/Hermosillo", "America/Tijuana"),
    "brasil": ("America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"),
    "chile": ("America/Santiago", "America/Punta_Arenas", "Pacific/Easter"),
    "espana": ("Europe/Madrid", "Atlantic/Canary"),
}
"""Names that are in several zones, likeliest first. The person is asked which one."""
SEVERAL |= {
    "brazil": SEVERAL["brasil"],
    "spain": SEVERAL["espana"],
    "espanha": SEVERAL["espana"],
    "mexico mx": SEVERAL["mexico"],
}
"""Names that are in more than one zone: asked back. The likeliest first."""
