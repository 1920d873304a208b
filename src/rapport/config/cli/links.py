"""The links that a console prints: the founder's, or a demo's."""

from __future__ import annotations

from rapport.config.environment import Installation


def opening_links(installation: Installation) -> list[str]:
    """What to print when the doors open: how the first person comes in, or how to look around in a demo."""
    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import AlreadyOpened, make_opening_link
    from rapport.practice.security.policy.actor import SYSTEM, Role

    if installation.demo:
        roles = (Role.THERAPIST, Role.CLIENT, Role.MANAGER)
        return [
            "Look around as (each link works once):",
            *(f"  {role:<10} {demo_link(installation, role)}" for role in roles),
        ]
    try:
        link = make_opening_link(actor=SYSTEM, at=clock.now())
    except AlreadyOpened:
        return []
    return [
        "Open the practice with this link, once, within thirty minutes:",
        f"  {link.address('entrance:open_practice')}",
    ]


def demo_link(installation: Installation, role: str) -> str:
    """A link into the demo as somebody with this role; a real practice has none."""
    from rapport.config.environment import InstallationError
    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import NotADemo, make_demo_link
    from rapport.practice.security.policy.actor import SYSTEM, Role

    try:
        link = make_demo_link(actor=SYSTEM, at=clock.now(), role=Role(role))
    except NotADemo:
        raise InstallationError(f"{installation.data} is not a demo practice on this machine.") from None
    return link.address("entrance:demo")
