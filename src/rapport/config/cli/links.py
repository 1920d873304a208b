"""The links that open a practice: the founder's on the console, one per role into a demo."""

from __future__ import annotations

import shlex
import shutil
import sys

from rapport.config.environment import Installation

ROLES = ("manager", "therapist", "client")


def opening_links(installation: Installation) -> list[str]:
    """What to print when the doors open: how whoever sits at this console comes in."""
    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import AlreadyOpened, make_opening_link
    from rapport.practice.security.accounts.actions.opening import PAGE
    from rapport.practice.security.policy.actor import SYSTEM

    if installation.demo:
        width = max(len(role) for role in ROLES)
        links = [f"  {role:<{width}}  {demo_link(installation, role)}" for role in ROLES]
        another = f"{this_program()} demo link ROLE --data {shlex.quote(str(installation.data.parent))}"
        return ["Come in as one of these. Each link works once; this makes another:", f"  {another}", *links]
    try:
        link = make_opening_link(actor=SYSTEM, at=clock.now())
    except AlreadyOpened:
        return [f"Sign in at {installation.origin}"]
    return ["Set up your own account with this link. It works once, for thirty minutes:", f"  {link.address(PAGE)}"]


def this_program() -> str:
    """What to type for this program here: its name if the shell finds it, else where it lies."""
    return "rapport" if shutil.which("rapport") else shlex.quote(sys.argv[0])


def demo_link(installation: Installation, role: str) -> str:
    """A link into a demo practice as somebody with this role; a real practice has none."""
    from rapport.config.environment import InstallationError
    from rapport.practice.foundation import clock
    from rapport.practice.security.accounts.actions import NotADemo, make_demo_link
    from rapport.practice.security.accounts.actions.opening import DEMO_PAGE
    from rapport.practice.security.policy.actor import SYSTEM, Role

    try:
        link = make_demo_link(actor=SYSTEM, at=clock.now(), role=Role(role))
    except NotADemo:
        raise InstallationError(f"{installation.data} is a real practice. It has no such links; sign in.") from None
    return link.address(DEMO_PAGE)
