"""Which exceptions are faults of the input or the surroundings, and the line and exit code that each one gets.

0 done
1 a fault of Falsetto's own, told in a line; the log at DEBUG has the traceback
2 bad input or usage
3 can't run: settings, store, output, or nothing to run on
4 ran, but answers were malformed, or a platform refused or never answered
130 interrupted
"""

import errno

LARGEST = 2**63 - 1  # the largest number that a row can have
FAULTY, BAD_INPUT, CANT_RUN, MALFORMED, INTERRUPTED = 1, 2, 3, 4, 130


class BadInput(Exception):
    """Something given on the command line can't be used."""


class CantRun(Exception):
    """There is nothing to run on, and the message says what is missing."""


def fault_line(fault: BaseException) -> tuple[str, int]:
    """Return what to say of a fault, and the exit code; what nobody foresaw is a fault of ours."""
    from sqlalchemy.exc import DBAPIError, SQLAlchemyError

    from crawler.cli.terminal import plain
    from crawler.journey.cutting import NotThere
    from crawler.roster.choosing import NoSuchArtist
    from crawler.roster.sheet import BadFile
    from crawler.settings import BadSettings
    from crawler.verdicts import NotAPerson
    from crawler.worker.summary import CantWork
    from storage.alerts import NoSuchRule
    from storage.cases import NoSuchCase
    from storage.database import DatabaseTrouble
    from storage.takedowns import NoSuchReport

    match fault:
        case BadFile():
            return "\nfalsetto: ".join(plain(line) for line in fault.faults), BAD_INPUT
        case NoSuchCase() | NoSuchReport() | NoSuchRule() | NotThere() | NotAPerson() | NoSuchArtist() | BadInput():
            return _lines(fault), BAD_INPUT
        case BadSettings() | DatabaseTrouble() | CantWork() | CantRun():
            return _lines(fault), CANT_RUN
        case DBAPIError():
            return plain(f"the store failed: {_first_line(fault.orig)}"), CANT_RUN
        case OverflowError():
            return f"a number is larger than anything we keep: {_first_line(fault)}", BAD_INPUT
        case MemoryError():
            return "the memory is full", CANT_RUN
        case OSError():
            return plain(_of_the_system(fault)), CANT_RUN
        case SQLAlchemyError():
            return plain(f"the store failed: {_first_line(fault)}"), CANT_RUN
        case _:
            return plain(f"a fault of ours: {type(fault).__name__}: {_first_line(fault)}"), FAULTY


def usage_line(fault: Exception) -> str:
    """Return what to say of words that are no command of ours."""
    from crawler.cli.terminal import plain

    said = getattr(fault, "format_message", lambda: str(fault))()
    context = getattr(fault, "ctx", None)
    command = f"; see {context.command_path} --help" if context is not None else ""
    return plain(" ".join(str(said).split()).rstrip(".") + command)


def _lines(fault: BaseException) -> str:
    from crawler.cli.terminal import plain

    return "\n".join(plain(line) for line in str(fault).splitlines())


def _first_line(fault: BaseException | None) -> str:
    lines = str(fault).strip().splitlines()
    return lines[0][:200] if lines else type(fault).__name__


def _of_the_system(fault: OSError) -> str:
    what = fault.strerror or _first_line(fault)
    if fault.filename is not None:
        return f"{fault.filename}: {what}"
    return f"the output can't be written: {what}" if fault.errno in (errno.ENOSPC, errno.EIO, errno.EDQUOT) else what
