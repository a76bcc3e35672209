"""The owner's targets: sends the messages of each rule to its webhook, or to its chat or mail by Apprise."""

from collections.abc import Sequence
from datetime import datetime

from webapp.domain.clock import Clock
from webapp.notify.apprise_process import AppriseProcess
from webapp.notify.channels import Message, Outcome, Retry
from webapp.notify.rules import Rule
from webapp.notify.webhooks import post_item
from webapp.store import Subscriber


class TargetSender:
    """Sends to the targets of rules, which may be private addresses: they are the owner's own."""

    def __init__(self, rules: Sequence[Rule], clock: Clock, *, user_agent: str, about: str) -> None:
        self._rules = {rule.subscription.name: rule for rule in rules}
        self._clock = clock
        self._user_agent = user_agent
        self._apprise = AppriseProcess(about)

    def send(self, subscriber: Subscriber, message: Message) -> Outcome:
        """Send a message to the target of the subscriber's rule."""
        rule = self._rules.get(subscriber.subscription.name)
        return Retry("there is no such rule any more") if rule is None else self.send_by(rule, message)

    def send_by(self, rule: Rule, message: Message) -> Outcome:
        """Send a message to the target of a rule."""
        if rule.is_webhook:
            return post_item(rule.target, message.item, rule.secret, self._clock, user_agent=self._user_agent)
        title, body = present_text(rule, message)
        return self._apprise.send(rule.target, title, body)

    def stop(self) -> None:
        """End the process that sends by Apprise."""
        self._apprise.stop()


def present_text(rule: Rule, message: Message) -> tuple[str, str]:
    """Give title and body as a chat shows them: in the owner's words, if the rule has any."""
    body = message.body
    if rule.target.casefold().startswith("discord://") and (stamp := _stamp(message)):
        body = f"{body}\n{stamp}"
    if rule.words is not None:
        return "", rule.words.format(title=message.title, body=body, url=message.url)
    return message.title, f"{body}\n{message.url}"


def _stamp(message: Message) -> str:
    """Give the instant that a message is about as Discord writes it in the zone of whoever reads."""
    date = message.item["_perigee"].get("date")
    if date is None:
        return ""
    seconds = int(datetime.fromisoformat(date).timestamp())
    return f"<t:{seconds}:F>, <t:{seconds}:R>"
