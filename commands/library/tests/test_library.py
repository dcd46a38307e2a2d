"""Keeping, showing again, correcting and taking out, as people type it."""

from __future__ import annotations

import io
import zipfile

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Reaction, Trust
from commands.library.tests.filing import PDF, media, sends

ACCORD = "!guardar acuerdo Nos vemos los lunes #reuniones"


async def test_a_text_is_kept_shown_again_and_listed_by_theme(talk: Talk) -> None:
    said = await talk.answer("ana", ACCORD)
    assert said.splitlines()[:2] == [
        "Guardado como #acuerdo (1): Nos vemos los lunes",
        "Temas: #reuniones",
    ]
    for line in ("#acuerdo", "#Acuerdo!", "!recursos acuerdo", "!recurso 1"):
        said = await talk.answer("bea", line)
        assert said.startswith("#acuerdo:\nNos vemos los lunes\n1, lo guardó Ana el "), line
    for line in ("#reuniones", "!recursos #reuniões", "!biblioteca reuniones"):
        said = await talk.answer("bea", line.replace("reuniões", "reuniones"))
        assert said == "#reuniones: 1 recurso.\n#acuerdo: Nos vemos los lunes (#reuniones)"
    assert "Temas: #reuniones (1)" in await talk.answer("bea", "!recursos")
    for talked in ("#otra", "mira #acuerdo", "#sala:servidor", "#1", "# acuerdo"):
        assert await talk.answer("bea", talked) == "", talked
    assert "#acuerdo:" in await talk.answer("bea", "#acuerdo", thread=EventId("$hilo"))
    assert "Aquí nada tiene el tema #nada" in await talk.answer("bea", "!recursos #nada")


async def test_the_three_languages_and_hasty_thumbs(talk: Talk) -> None:
    """Missing parts, quotes of phones, another's words."""
    await talk.set("language", "pt")
    assert "Guardado como #ata-de-março" in await talk.answer(
        "ana", "!salvar “ata de março” A gente decidiu #imprensa"
    )
    assert "A gente decidiu" in await talk.answer("bea", "#ataDeMarco")
    for line, said in {
        "!guardar": "Falta o nome",
        "!save sozinho": "Falta o que guardar",
        "!guardar 57 texto": "falta uma letra",
        "!guardar imprensa texto": "#imprensa é um tema",
        "!guardar outra texto #ata-de-março": "é o nome de algo",
        "!guardar outra texto #outra": "é o nome de algo",
        "!guardar a javascript:alert(1)": "`http://`",
        "!guardar a " + "x" * 9000: "longo demais",
        "!guardar " + "x" * 9000 + " texto": "longo demais",
        "!versões nada": "Aqui nada se chama “nada”",
        "!recursos 99": "Não existe o número 99",
        "!atualizar": "Falta o número ou o `#nome`",
    }.items():
        assert said in await talk.answer("bea", line), line


async def test_in_private_what_is_missing_is_asked(talk: Talk) -> None:
    await talk.tells("bea", "guardar")
    for asked, answer in (("el nombre", "mapa"), ("qué guardar", "Calle 5 con 6")):
        assert asked in (await talk.said())[-1].plain
        await talk.restart()
        await talk.tells("bea", answer)
    [post] = await talk.hears("Guardado como #mapa (1): Calle 5 con 6")
    assert "quien esté en Sala" in post.plain
    assert "Calle 5 con 6" in await talk.answer("carla", "#mapa")


async def test_what_is_replied_to_is_kept(talk: Talk) -> None:
    """A message, or a file that comes again with the same key and nothing else of its sender."""
    said = await talk.says("bea", "El punto de encuentro es la plaza")
    assert "¿Con qué nombre? Ejemplo: `!guardar El-punto-de-encuentro-es`" in await talk.answer(
        "ana", "!guardar", reply=said
    )
    await talk.says("ana", "!guardar punto Para el viernes #logística", reply=said)
    await talk.hears("#punto (1): Para el viernes El punto de encuentro es la plaza")
    sent = await sends(talk, data=PDF, name="../acta\x00.exe")
    await talk.says("carla", "!guardar acta #prensa", reply=sent)
    await talk.hears("Guardado como #acta (2): acta.exe.pdf")
    await talk.says("carla", "#acta")
    [post] = await talk.said()
    info, file = post.content["info"], post.content["file"]
    assert (post.content["msgtype"], post.content["filename"]) == ("m.file", "acta.exe.pdf")
    assert info == {"mimetype": "application/pdf", "size": len(PDF)}
    assert set(file) == {"v", "key", "iv", "hashes", "url"}
    assert (file["url"], file["key"]["k"]) == ("mxc://test/0", "a" * 43)
    assert post.plain.startswith("#acta:\n2, lo guardó Carla")
    assert len(talk.gateway.files) == 1, "it is not uploaded again"
    picture = await media(talk, b"\x89PNG\r\n\x1a\nxx", "foto.png")
    await talk.says("bea", "!guardar foto La marcha", media=picture)
    await talk.hears("#foto (3): La marcha")
    assert "(archivo · #prensa)" in await talk.answer("ana", "!recursos")
    await talk.says("ana", "#foto")
    assert (await talk.said())[0].content["msgtype"] == "m.image"


async def test_a_file_that_was_on_its_way_is_posted_once(talk: Talk) -> None:
    await talk.answer("bea", "!guardar acta", reply=await sends(talk))
    talk.gateway.broken = True
    await talk.says("carla", "#acta", event="$asked")
    await talk.restart()
    await talk.says("carla", "#acta", event="$asked")
    talk.gateway.broken = False
    [post] = await talk.said()
    assert post.content["file"]["url"] == "mxc://test/0"
    await talk.restart()
    await talk.hears_nothing()


async def test_files_that_are_not_kept(talk: Talk) -> None:
    await talk.set("library_file", "1")
    for data, name, said, told in (
        (b"MZ\x90\x00", "acta.pdf", None, "No guardo este tipo de archivo"),
        (b"", "acta.pdf", None, "vacío"),
        (b"%PDF-1.7" + bytes(1_000_000), "acta.pdf", 5, "recibo hasta 1 MB"),
        (PDF, "acta.pdf", 10**15, "recibo hasta 1 MB"),
    ):
        sent = await media(talk, data, name, said=said)
        assert told in await talk.answer("bea", "!guardar acta", media=sent), told
    plain = await media(talk)
    open_room = type(plain)(plain.url, plain.name, plain.mime, plain.size, None)
    assert "sin cifrar" in await talk.answer("bea", "!guardar acta", media=open_room)
    assert "Aquí todavía no hay nada" in await talk.answer("bea", "!recursos")


async def test_what_a_server_may_have_written_is_not_kept(talk: Talk) -> None:
    said = await talk.says("bea", "El punto es otro", trust=Trust.UNSIGNED)
    assert "sin confirmar" in await talk.answer("ana", "!guardar punto", reply=said)
    await talk.set("unsigned", "yes")
    assert "Guardado como #punto" in await talk.answer("ana", "!guardar punto", reply=said)
    said = await talk.says("carla", "El punto es aquel", trust=Trust.REPLACED)
    assert "sin confirmar" in await talk.answer("ana", "!guardar lugar", reply=said)


async def test_a_bomb_is_only_bytes(talk: Talk) -> None:
    """Nothing is unpacked: what would be a thousand times as large is kept as it came."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("0.txt", bytes(5_000_000))
    sent = await sends(talk, data=packed.getvalue(), name="fotos.zip")
    await talk.answer("ana", "!guardar fotos", reply=sent)
    await talk.says("ana", "#fotos")
    [post] = await talk.said()
    assert post.content["info"] == {"mimetype": "application/zip", "size": len(packed.getvalue())}


async def test_doubles_are_noticed(talk: Talk) -> None:
    """The same link however it is written, the same file whatever its name; the same name."""
    link = "https://ejemplo.org/a?utm_source=wa"
    said = await talk.answer("ana", f"!guardar mapa {link}")
    assert "https://ejemplo.org/a\n" in said
    assert "rastreadores" in said
    assert "Ese enlace ya está guardado: #mapa" in await talk.answer(
        "bea", "!guardar otra http://www.ejemplo.org/a/"
    )
    assert "No guardé nada nuevo. Está aquí: `#mapa`" in await talk.answer("bea", "no")
    one, same = await sends(talk), await sends(talk, "carla", name="copia.pdf")
    await talk.answer("bea", "!guardar acta", reply=one)
    assert "Ese archivo ya está guardado: #acta" in await talk.answer(
        "carla", "!guardar copia", reply=same
    )
    assert "Guardado como #copia" in await talk.answer("carla", "sí")
    assert "Ya hay algo llamado #acta" in await talk.answer("carla", "!guardar acta texto")
    assert "¿Lo cambio por esto?" in await talk.answer("bea", "!guardar acta texto")
    assert "#acta (2) ahora dice: texto" in await talk.answer("bea", "sí")
    assert "texto" in await talk.answer("bea", "#acta")


async def test_look_alikes_are_shown_in_both_forms(talk: Talk) -> None:
    for line in ("!guardar tienda https://аpple.com/x", "#tienda"):
        said = await talk.answer("bea", line)
        assert "“аpple.com” tiene letras poco comunes" in said, line
        assert "dirección verdadera es xn--pple-43d.com" in said, line


async def test_a_thing_is_corrected_and_its_versions_stay(talk: Talk) -> None:
    await talk.answer("bea", ACCORD)
    assert "No puedes corregir #acuerdo" in await talk.answer("carla", "!actualizar acuerdo hola")
    for line in ("!actualizar #acuerdo Los martes", "!atualizar 1 Los jueves"):
        assert "#acuerdo (1) ahora dice: Los" in await talk.answer("ana", line)
    shown = (await talk.answer("carla", "!versiones acuerdo")).splitlines()
    assert [row.split(": ")[-1] for row in shown[1:4]] == [
        "Los jueves",
        "Los martes",
        "Nos vemos los lunes",
    ]
    assert ", Ana: Los jueves" in shown[1] and ", Bea: Nos" in shown[3]
    assert "Nos vemos los lunes" in await talk.answer("carla", "!versiones 1 1")
    assert "no tiene versión 9" in await talk.answer("carla", "!versiones 1 9")
    assert "#prensa" in await talk.answer("bea", "!actualizar acuerdo #prensa #agua")
    assert "es el nombre de algo" in await talk.answer("bea", "!actualizar acuerdo #acuerdo")
    assert "Los jueves (#agua #prensa)" in await talk.answer("carla", "#prensa")
    assert "corrigió el 1 de la biblioteca" in await talk.answer("carla", "!historial")
    await talk.says("carla", "#acuerdo")
    [post] = await talk.said()
    assert "ahora dice: Los viernes" in await talk.answer(
        "bea", "!actualizar Los viernes", reply=post
    )
    assert "ahora dice: Nos vemos los lunes" in await talk.answer("bea", "!actualizar 1 v1")
    new = await sends(talk, "bea")
    await talk.answer("bea", "!actualizar acuerdo Acta de hoy", reply=new)
    await talk.says("carla", "#acuerdo")
    assert (await talk.said())[0].content["filename"] == "acta.pdf"
    await talk.answer("bea", "!actualizar acuerdo Acta corregida")
    await talk.says("carla", "#acuerdo")
    [post] = await talk.said()
    assert post.content["filename"] == "acta.pdf"
    assert "Acta corregida" in post.plain
    await talk.redacts("bea", new)
    assert "#acuerdo" in (await talk.said())[0].plain, "the file goes with its message"
    assert await talk.answer("carla", "#acuerdo") == ""


async def test_what_is_taken_out_is_taken_back_everywhere(talk: Talk) -> None:
    await talk.says("bea", ACCORD)
    await talk.says("carla", "#acuerdo")
    await talk.tells("carla", "#acuerdo")
    shown = await talk.said()
    assert "No puedes cancelar 1" in await talk.answer("carla", "!cancelar 1")
    assert "de la biblioteca, con sus versiones" in await talk.answer("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    done = await talk.sent()
    assert {p.content["redacts"] for p in done if p.kind == "redact"} == {p.event for p in shown}
    assert "quitó el 1 de la biblioteca" in await talk.answer("carla", "!historial")
    assert await talk.answer("carla", "#acuerdo") == ""
    assert "Aquí todavía no hay nada" in await talk.answer("carla", "!recursos")
    assert "No existe el número 1" in await talk.answer("carla", "!recursos 1")


async def test_who_takes_the_message_back_takes_back_what_was_kept_of_it(talk: Talk) -> None:
    said, sent = await talk.says("bea", "Calle 5"), await sends(talk, "carla")
    typed = await talk.says("carla", "!guardar casa Calle 9")
    await talk.says("ana", "!guardar punto", reply=said)
    await talk.says("ana", "!guardar acta", reply=sent)
    await talk.says("ana", "#acta")
    await talk.says("ana", "!actualizar punto Calle 6")
    await talk.sent()
    await talk.redacts("carla", sent)
    out = await talk.sent()
    assert "porque se borró el mensaje: #acta" in next(p.plain for p in out if p.plain)
    assert len([p for p in out if p.kind == "redact"]) == 2
    await talk.redacts("carla", typed)
    await talk.hears("#casa")
    await talk.redacts("bea", said)  # it says something else by now: only that version goes
    await talk.hears_nothing()
    assert "Calle 5" not in await talk.answer("ana", "!versiones punto")
    await talk.says("ana", "#acta")
    await talk.hears_nothing()


async def test_who_mends_a_message_mends_what_was_kept_of_it(talk: Talk) -> None:
    said = await talk.says("bea", "Es en la Calle 5")
    await talk.edits("bea", said, "Es en la Calle 6 https://ejemplo.org/mapa?fbclid=1")
    await talk.says("ana", "!guardar punto Para el viernes:", reply=said)
    await talk.hears("Para el viernes: Es en la Calle 6 https://ejemplo.org/mapa")
    assert "https://matrix.to/#/%21sala%3Atest/%24e0" in await talk.answer("ana", "!recursos 1")
    await talk.answer("ana", "!actualizar punto", reply=said)
    for who, text, trust in (
        ("bea", "Es en la Calle 7", Trust.SIGNED),
        ("carla", "Es en mi casa", Trust.SIGNED),
        ("bea", "Es en otra parte", Trust.UNSIGNED),
        ("bea", "Es en javascript:alert(1)", Trust.SIGNED),
        ("bea", " ", Trust.SIGNED),
    ):
        await talk.edits(who, said, text, trust=trust)
        await talk.hears_nothing()
    assert "#punto:\nEs en la Calle 7\n" in await talk.answer("carla", "#punto")
    shown = await talk.answer("carla", "!versiones punto")
    assert "Calle 6" not in shown and "Para el viernes: Es en la Calle 7" in shown
    typed = await talk.says("bea", "!guardar nota Los lunes")
    await talk.edits("bea", typed, "!guardar nota Los martes")
    await talk.sent()
    assert "Los lunes" in await talk.answer("carla", "#nota")


async def test_a_pin_keeps_a_message_where_the_room_wants_that(talk: Talk) -> None:
    said, sent = await talk.says("bea", "El número de la abogada es 555"), await sends(talk)

    async def pins(who: str, target: EventId, key: str = "📌") -> str:
        event = EventId(f"$pin{who}{target}{key}")
        await talk.happens(Reaction(ROOM, event, user_id(who), talk.clock.at, target, key))
        return "\n".join(post.plain for post in await talk.said())

    assert await pins("ana", said) == ""
    await talk.set("library_pin", "yes")
    assert await pins("ana", said, "👍") == ""
    assert "Guardado como #El-número-de-la-abogada (1)" in await pins("carla", said)
    assert "El 1 ahora se llama #abogada" in await talk.answer(
        "carla", "!actualizar 1 nombre: #abogada"
    )
    assert "555" in await talk.answer("bea", "#abogada")
    assert await pins("ana", said) == "", "who pins it too has nothing to be told"
    assert "Guardado como #acta-pdf (2)" in await pins("ana", sent)
    assert "ya está guardado: #acta-pdf" in await pins("ana", await sends(talk, "carla"))
    again = await talk.says("bea", "El número de la abogada es 777")
    assert "#El-número-de-la-abogada (3)" in await pins("ana", again)
    assert "Ya hay algo llamado #abogada" in await talk.answer(
        "ana", "!actualizar 3 nombre:abogada"
    )
    more = await talk.says("bea", "El número de la abogada es 888")
    assert "#El-número-de-la-abogada-2 (4)" in await pins("ana", more)
    program = await sends(talk, data=b"MZ\x90", name="acta.pdf")
    assert "No guardo este tipo" in await pins("ana", program)
    assert "no puedo leer ese mensaje" in (await pins("ana", EventId("$ajeno"))).casefold()
