"""What is public of an item as data, and the schema of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Literal

from pydantic import TypeAdapter

from bot.api import Count, StrictModel
from commands.public_site.published import PublishedItem, documents


class WithdrawnRecord(StrictModel):
    """Stands in place of the document of an item that was taken back. `at`: when."""

    type: Literal["minga.public-withdrawn"] = "minga.public-withdrawn"
    v: Literal[1] = 1
    kind: documents.Kind
    number: Count
    at: Count


def write_record(item: PublishedItem) -> bytes:
    """Return the public document of an item, or the note that it was withdrawn, as canonical
    JSON."""
    shown = item.document or WithdrawnRecord(kind=item.kind, number=item.number, at=item.changed)
    return shown.to_json().encode()


@cache
def write_schema() -> bytes:
    """Return the JSON Schema (2020-12) of all public documents."""
    adapter: TypeAdapter[object] = TypeAdapter(documents.PublicDocument | WithdrawnRecord)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Minga: what a network made public",
        **adapter.json_schema(mode="serialization"),
    }
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
