"""Accents, plurals and gender are forgiven in three languages, whatever language a word is of."""

from __future__ import annotations

import pytest

from bot.text.stems import stems_by_ear, stems_of

SAME = {
    "es": """decisión decisiones decision; educación educacion; niña niños niñas; mujer mujeres;
        compañera compañeros compañeres compañerxs compañer@s; taller talleres; papel papeles;
        jurídica jurídicos juridico; abogado abogadas; luz luces; voz voces; ley leyes; país países;
        traductora traductor traductores; joven jóvenes; fácil fáciles; región regiones;
        colchón colchones; corazón corazones; autobús autobuses; red redes; viaje viajes;
        organización organizaciones; inglesa ingleses; vivienda viviendas; lápiz lápices""",
    "pt": """decisão decisões decisao; educação educacao; mulher mulheres; imagem imagens;
        papel papéis papeis; advogada advogados; animal animais; homem homens; pão pães; lei leis;
        fácil fáceis; lençol lençóis; azul azuis; reunião reuniões; tradução traduções;
        cidade cidades; jovem jovens; necessidade necessidades; colchão colchões; ação ações;
        água águas; companheira companheiros companheires; mensagem mensagens""",
    "en": """city cities; offer offers; meeting meetings; box boxes; policy policies; day days;
        lawyer lawyers; bus buses; lends lending; service services; woman women""",
    "es and pt": """decisión decisão; reunión reuniões; región região; manual manuais; leyes leis;
        transporte transportes; traducción traduções; guía guias; asamblea asambleas""",
}
APART = """papel papa; mapa mapache; pan panel; mar marte; luz lucha; carta cartel; casa casco;
    comida comité; general género; medio médico; canal canas; legal legalizar; ropa robo"""


@pytest.mark.parametrize("language", SAME)
def test_forms_of_a_word_are_one(language: str) -> None:
    for group in SAME[language].split(";"):
        forms = {form: stems_of(form) for form in group.split()}
        assert len({tuple(found) for found in forms.values()}) == 1, forms
        assert all(len(found) == 1 for found in forms.values()), forms


def test_other_words_stay_apart() -> None:
    for pair in APART.split(";"):
        one, other = pair.split()
        assert stems_of(one) != stems_of(other), pair


def test_what_says_nothing_is_left_out_and_signs_are_no_words() -> None:
    assert stems_of("¿Cómo hacer el *mural* de la  plaza? (con-tinta) #2") == [
        *stems_of("hacer mural plaza tinta"),
        "2",
    ]
    assert stems_of("the of para você de los e ou") == []
    assert stems_of("") == stems_of("  \x00 —'\"*:^ ") == []


def test_what_is_too_long_for_a_word_is_none_and_there_is_an_end() -> None:
    assert stems_of("a" * 41 + " luz") == stems_of("luz")
    assert len(stems_of("luz " * 3000, 2000)) == 2000


def test_other_scripts_are_words_too() -> None:
    assert stems_of("Ελλάδα собрание") == [*stems_of("ελλαδα"), *stems_of("СОБРАНИЕ")]
    assert len(stems_of("Ελλάδα собрание")) == 2


def test_who_writes_as_they_hear_is_understood() -> None:
    for typed, meant in (
        ("detensiones", "detenciones"),
        ("ospital", "hospital"),
        ("vibienda", "vivienda"),
        ("serbicio", "servicio"),
        ("jente", "gente"),
        ("yave", "llave"),
        ("servisso", "serviço"),
        ("educasion", "educación"),
        ("capazitacion", "capasitacion"),
    ):
        assert set(stems_of(meant)) <= set(stems_by_ear(typed)), typed
    assert stems_by_ear("") == stems_by_ear("?¿ " + "z" * 50) == []
