"""What is left to do for a prepared homeserver, in numbered steps for who is no engineer."""

from __future__ import annotations

from bot.i18n import _, verbatim
from bot.lines import Line
from bot.operate.homeserver.plan import HomeserverPlan
from bot.operate.operator_words import in_words

Step = tuple[Line, ...]


def write_steps(plan: HomeserverPlan) -> str:
    """Return, in the operator's language, the steps that are left to run a homeserver."""
    steps = [
        _machine(),
        _dns(plan),
        *_website(plan),
        _ports(),
        *(_containers(plan) if plan.containers else _packages(plan)),
        _trial(plan),
        _own_account(plan),
        _bot(plan),
        _people(plan),
        _backups(plan),
    ]
    lines = [in_words(_("What is left to do for {domain}, in this order:", domain=plan.domain))]
    for number, step in enumerate(steps, 1):
        first, *rest = map(in_words, step)
        lines += ["", f"{number}. {first}", *(f"   {line}" for line in rest)]
    return "\n".join(lines) + "\n"


def _machine() -> Step:
    return (
        _("This machine is Debian 12 or 13, with 2 GB of memory and 20 GB of disk or more."),
        _("It serves nothing else, and it is not the one on which the bot runs, if you have two."),
    )


def _dns(plan: HomeserverPlan) -> Step:
    return (
        _("The name: where you got it, let {host} lead to this machine.", host=plan.address),
        _("It is an entry of type A with the machine's public address; for IPv6 also one of AAAA."),
    )


def _website(plan: HomeserverPlan) -> list[Step]:
    if plan.address == plan.domain:
        return []
    return [
        (
            _(
                "On the website of {domain}: let it show the files of this folder:",
                domain=plan.domain,
            ),
            verbatim(f"{plan.folder}/well-known/matrix → https://{plan.domain}/.well-known/matrix"),
            _("Each as type application/json, and with the header Access-Control-Allow-Origin: *"),
        )
    ]


def _ports() -> Step:
    return (
        _("The ports: open 80 and 443 (TCP) at the machine's provider and in its firewall."),
        _("No other has to be open, but the one by which you come in yourself (SSH, 22)."),
    )


def _packages(plan: HomeserverPlan) -> list[Step]:
    return [
        (
            _("Install it and start it, as root. It takes some minutes and may be run again:"),
            verbatim(f"sh {plan.folder}/install.sh"),
        )
    ]


def _containers(plan: HomeserverPlan) -> list[Step]:
    return [
        (
            _("Install Docker and start it, as root:"),
            verbatim("apt install docker.io docker-compose"),
            verbatim(f"cd {plan.folder} && docker compose up --detach"),
        ),
        (
            _("Let a copy be made each night:"),
            verbatim(f"cp {plan.folder}/homeserver-backup.* /etc/systemd/system/"),
            verbatim("systemctl enable --now homeserver-backup.timer"),
        ),
    ]


def _trial(plan: HomeserverPlan) -> Step:
    return (
        _("Try it from a phone: this address has to show a list of versions."),
        verbatim(f"https://{plan.address}/_matrix/client/versions"),
        _("If it does not: the name may need some hours, or a port is closed (steps above)."),
    )


def _own_account(plan: HomeserverPlan) -> Step:
    return (
        _("Your own account, which may administer the homeserver; it asks for a password."),
        _("In place of ana write the name that you want:"),
        verbatim(_register(plan, "--admin --user ana")),
        _(
            "In Element X choose to change the account provider, and write: {domain}",
            domain=plan.domain,
        ),
    )


def _bot(plan: HomeserverPlan) -> Step:
    secret = plan.folder / "synapse/registration_shared_secret"
    account = f"--user-id @minga:{plan.domain}"
    return (
        _("The bot, on this machine. This makes its account; choose a long password for it:"),
        verbatim(
            f"minga init --homeserver http://127.0.0.1:{plan.port} {account} "
            f"--registration-secret-file {secret}"
        ),
        _("On another machine: make the account minga by the next step's command, then there:"),
        verbatim(f"minga init --homeserver https://{plan.address} {account}"),
    )


def _people(plan: HomeserverPlan) -> Step:
    return (
        _("Accounts for people. Nobody can make one without a code, which the bot can give:"),
        _("docs/operating.md, “Accounts for people who have none”. Or make them here yourself:"),
        verbatim(_register(plan, "--no-admin --user bea")),
    )


def _backups(plan: HomeserverPlan) -> Step:
    return (
        _("Each night a copy is put into {folder}; seven stay.", folder=plan.folder / "backups"),
        _("Take them to another place, encrypted. To bring one back:"),
        verbatim(f"sh {plan.folder}/restore.sh {plan.folder}/backups/2026-…"),
    )


def _register(plan: HomeserverPlan, options: str) -> str:
    config = f"--config {plan.inside}/synapse/homeserver.yaml"
    if plan.containers:
        inside = f"register_new_matrix_user {config} {options} http://127.0.0.1:{plan.port}"
        return f"cd {plan.folder} && docker compose exec synapse {inside}"
    return f"/opt/synapse/bin/register_new_matrix_user {config} {options}"
