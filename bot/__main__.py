"""The entry of `briefwire` and `python -m bot`. Light at import: worker processes read this file again."""

import sys


def main() -> None:
    """Runs the command line. Mistakes that we know end in one clear line, wrong settings in one each."""
    from bot.commands.main import app
    from bot.errors import BriefwireError, SettingsError
    from bot.texts import words
    from bot.texts.errors import describe

    try:
        app()
    except SettingsError as error:
        print("Wrong settings:", *error.problems, sep="\n  ", file=sys.stderr)  # noqa: T201 - the command line speaks
        sys.exit(2)
    except BriefwireError as error:
        print(f"briefwire: {describe(error, words('en'))}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


if __name__ == "__main__":
    main()
