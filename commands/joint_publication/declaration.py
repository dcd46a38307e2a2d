"""The `Feature` of publishing joint decisions, its jobs, and the word that networks send."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from bot.api import Feature, Hash, StrictModel

feature = Feature(
    "joint_publication",
    Path(__file__).parent,
    needs=("joint_decisions", "links"),
)
COMPARE_JOB = feature.job("compare")
SILENCE_JOB = feature.job("silence")
OWN_YES_JOB = feature.job("own yes")
AGREE_ACT, TAKE_BACK_ACT = "name-network", "unname-network"
WORD_KIND = "publish"
"""The kind of the message in a link."""


class PublishWord(StrictModel):
    """Body of `publish`: whether this joint decision may become public with our name in it.

    A yes is also the question to the others. `file`: the SHA-256 of the bytes that it is about. A
    later word replaces an earlier one; a no after a yes takes it back.
    """

    terms: Hash
    file: Hash
    answer: Literal["yes", "no"]
