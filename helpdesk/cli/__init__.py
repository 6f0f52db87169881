"""The shell: ``helpdesk COMMAND``; one file is one command, heavy parts are loaded when they are used."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk import plugins
from helpdesk.cli._advice import Given, typeable
from helpdesk.cli._exits import DEAF, FAILED, INTERRUPTED, LATER, USAGE
from helpdesk.errors import ConfigError, HelpdeskError, StoreError, UsageError

if TYPE_CHECKING:
    from helpdesk.app import App

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # why a write fails at a disk that takes no more


class Context:
    """What the options before the command said."""

    site = Path()


def _version(wanted: bool) -> None:
    if wanted:
        from helpdesk import __version__

        typer.echo(f"helpdesk {__version__}")
        raise typer.Exit


def _main(
    context: typer.Context,
    site: Annotated[
        Path,
        typer.Option(
            "--site",
            envvar="HELPDESK_SITE",
            metavar="DIR",
            help="Folder of helpdesk.toml [default: .].",
            show_default=False,
        ),
    ] = Path(),
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A helpdesk that lives in the mailbox."""
    Context.site = site
    # What the environment or the current folder says is said again when the next command is typed.
    source = context.get_parameter_source("site")
    Given.site = site if source is not None and source.name == "COMMANDLINE" else None


def assembled() -> typer.Typer:
    """The whole command line, made of the files of this room."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback()(_main)
    for name, module in plugins.find(__name__).items():
        sentence = plugins.sentence(module)
        if hasattr(module, "group"):
            app.add_typer(module.group, name=name, help=sentence, short_help=sentence, no_args_is_help=True)
        else:
            app.command(name, help=sentence, short_help=sentence)(module.command)
    return app


def _open_closed_streams() -> None:
    """Who starts us with standard output closed wants to hear nothing; what is said must go somewhere all the same."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def main() -> None:
    """Run what was typed; a mistake is one clear sentence and an exit code, never a traceback."""
    from helpdesk import console

    Given.site = None
    _open_closed_streams()
    console.forgive_letters()
    try:
        try:
            assembled()()
        finally:
            sys.stdout.flush()
    except UsageError as error:
        console.fail(typeable(str(error)))
        sys.exit(USAGE)
    except ConfigError as error:
        console.fail(typeable(_counted(error)))
        sys.exit(FAILED)
    except HelpdeskError as error:
        console.fail(typeable(str(error)))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            # So say rich and typer what is said below.
            _write_no_more()
            sys.exit(DEAF)
        # A mistyped option in a mail server's pipe must not send mail back to its author.
        piped = {"take", "-"} <= set(sys.argv)
        sys.exit(LATER if piped and end.code == USAGE else end.code)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _write_no_more()
        sys.exit(DEAF)
    except OSError as error:
        # Files of ours are named in errors about them; what has no name is the output.
        if isinstance(error, PermissionError) and error.filename is not None:
            console.fail(
                f"{error.filename} cannot be reached: {error.strerror}. Ask for the right to it, or name another."
            )
            sys.exit(FAILED)
        if error.errno not in FULL or error.filename is not None:
            raise
        _write_no_more()
        console.fail(f"The output cannot be written: {error.strerror}.")
        sys.exit(FAILED)


def _write_no_more() -> None:
    """Nothing more may be written to standard output, not even at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _counted(error: ConfigError) -> str:
    if len(error.problems) == 1:
        return str(error)
    return f"the configuration has {len(error.problems)} mistakes:\n{error}"


@contextmanager
def opened(*, daemon: bool = False) -> Iterator[App]:
    """The site that ``--site`` names."""
    from helpdesk import app

    with app.opened(Context.site, os.environ, daemon=daemon) as site:
        yield site


@contextmanager
def existing() -> Iterator[App]:
    """The site that ``--site`` names, to look at. Raises StoreError when there is no database yet: none is made."""
    from helpdesk.config import load
    from helpdesk.store.session import Store

    config = load(Context.site, os.environ)
    if not Store(config.store.url, site=config.site).exists:
        message = (
            f"The daemon has not run here yet: the site in {config.site.resolve()} has no database, so that there is"
            " nothing to show. If yours lies elsewhere, name its folder with --site before the command. If it is this"
            " one, start it with `helpdesk run`, and ask again; `helpdesk doctor` says before whether the mail servers"
            " will let it work."
        )
        raise StoreError(message)
    with opened() as site:
        yield site
