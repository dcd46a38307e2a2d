"""Servers that all real tests share, and members that end with their test: a plugin of pytest."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from bot.demo.synapse import Homeserver
from tests.real.botprocess import NURSERY
from tests.real.element import Element
from tests.real.generated import Shared
from tests.real.plain import Member
from tests.real.servers import AT_HOME, Pair, Person, in_memory

Enter = Callable[..., Awaitable[Element]]
EnterPlain = Callable[..., Awaitable[Member]]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    is_full = os.environ.get("MINGA_FULL") == "1"
    Pair.people_at_home = item.path.name in AT_HOME and not is_full


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two federating homeservers, started once. A test that cuts them heals them."""
    with in_memory(tmp_path_factory.mktemp("servers")) as place:
        both = Pair(place)
        try:
            NURSERY.begin()  # it imports while the homeservers start
            both.start()
            yield both
        finally:
            both.stop()


@pytest.fixture(scope="session")
def synapse(pair: Pair) -> Homeserver:
    """The bot's homeserver."""
    return pair.a


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A homeserver with the configuration that Synapse writes by itself."""
    with Shared(tmp_path_factory.mktemp("generated")) as started:
        yield started


@pytest.fixture
async def element(pair: Pair) -> AsyncIterator[Enter]:
    """`ana = await element("ana")`: a fresh person on Element's engine, strict, signed."""
    async with AsyncExitStack() as stack:

        async def enter(who: str | Person, *, strict: bool = True, sign: bool = True) -> Element:
            person = who if isinstance(who, Person) else pair.person(who)
            member = await stack.enter_async_context(Element())
            await member.login(*person.door, strict=strict, sign=sign)
            return member

        yield enter


@pytest.fixture
async def plain(pair: Pair) -> AsyncIterator[EnterPlain]:
    """`eva = await plain("eva")`: a fresh person on plain nio, signed."""
    async with AsyncExitStack() as stack:

        async def enter(who: str | Person, *, sign: bool = True) -> Member:
            person = who if isinstance(who, Person) else pair.person(who)
            member = await stack.enter_async_context(Member())
            await member.login(*person.door, sign=sign)
            return member

        yield enter
