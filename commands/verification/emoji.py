"""The 64 emoji of a short authentication string, in the spec's order, with a word for each."""

from __future__ import annotations

from bot.api import Line, _

EMOJI: tuple[tuple[str, Line], ...] = (
    ("🐶", _("dog")),
    ("🐱", _("cat")),
    ("🦁", _("lion")),
    ("🐎", _("horse")),
    ("🦄", _("unicorn")),
    ("🐷", _("pig")),
    ("🐘", _("elephant")),
    ("🐰", _("rabbit")),
    ("🐼", _("panda")),
    ("🐓", _("rooster")),
    ("🐧", _("penguin")),
    ("🐢", _("turtle")),
    ("🐟", _("fish")),
    ("🐙", _("octopus")),
    ("🦋", _("butterfly")),
    ("🌷", _("flower")),
    ("🌳", _("tree")),
    ("🌵", _("cactus")),
    ("🍄", _("mushroom")),
    ("🌏", _("globe")),
    ("🌙", _("moon")),
    ("☁", _("cloud")),
    ("🔥", _("fire")),
    ("🍌", _("banana")),
    ("🍎", _("apple")),
    ("🍓", _("strawberry")),
    ("🌽", _("corn")),
    ("🍕", _("pizza")),
    ("🎂", _("cake")),
    ("❤", _("heart")),
    ("😀", _("smiley")),
    ("🤖", _("robot")),
    ("🎩", _("hat")),
    ("👓", _("glasses")),
    ("🔧", _("spanner")),
    ("🎅", _("santa")),
    ("👍", _("thumbs up")),
    ("☂", _("umbrella")),
    ("⌛", _("hourglass")),
    ("⏰", _("clock")),
    ("🎁", _("gift")),
    ("💡", _("light bulb")),
    ("📕", _("book")),
    ("✏", _("pencil")),
    ("📎", _("paperclip")),
    ("✂", _("scissors")),
    ("🔒", _("lock")),
    ("🔑", _("key")),
    ("🔨", _("hammer")),
    ("☎", _("telephone")),
    ("🏁", _("flag")),
    ("🚂", _("train")),
    ("🚲", _("bicycle")),
    ("✈", _("aeroplane")),
    ("🚀", _("rocket")),
    ("🏆", _("trophy")),
    ("⚽", _("ball")),
    ("🎸", _("guitar")),
    ("🎺", _("trumpet")),
    ("🔔", _("bell")),
    ("⚓", _("anchor")),
    ("🎧", _("headphones")),
    ("📁", _("folder")),
    ("📌", _("pin")),
)
"""Spec §SAS method: emoji. Apps show the same ones, with a word of their own language."""


def emoji_line(numbers: tuple[int, ...]) -> Line:
    """Return a line with the emoji of these numbers, each with its word."""
    shown = tuple(
        Line("{sign} {word}", {"sign": EMOJI[n][0], "word": EMOJI[n][1]}) for n in numbers
    )
    return Line("{emoji}", {"emoji": shown})
