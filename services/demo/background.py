"""All relays, consumers and workers in one process."""

import signal


def main() -> None:
    signal.pause()


if __name__ == "__main__":
    main()
