"""`python -m shared.testing.servers`: prints "ready", or the Debian packages that are missing and exits with 1."""

import sys

from shared.testing.servers.choose import missing_packages

missing = missing_packages()
print(" ".join(missing) or "ready")
sys.exit(bool(missing))
