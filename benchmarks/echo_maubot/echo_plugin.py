"""A maubot plugin that answers each message with its own text: the least a maubot does."""

from maubot import MessageEvent, Plugin
from maubot.handlers import command


class Echo(Plugin):
    """Says again what it hears. maubot itself leaves out the bot's own messages."""

    @command.passive(r"(?s).+")
    async def say_again(self, event: MessageEvent, _found: tuple[str]) -> None:
        """Reply with the text of the message, as plain text."""
        await event.reply(event.content.body, markdown=False)
