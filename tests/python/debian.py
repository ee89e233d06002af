"""Install Debian's packages, those named on the command line, as root or with sudo."""

from __future__ import annotations

import os
import subprocess
import sys


def install(packages: list[str]) -> None:
    """Install the packages, without asking and without what they only recommend."""
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    if os.geteuid() != 0:
        apt.insert(0, "sudo")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(
            [*apt, *arguments],
            check=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


if __name__ == "__main__":
    try:
        install(sys.argv[1:])
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"debian: {error}")
