"""Which exceptions are faults of the input or the surroundings, and the line and exit code that each one gets."""

BAD_INPUT, CANT_RUN, MALFORMED, INTERRUPTED = 2, 3, 4, 130


def fault_line(fault: BaseException) -> tuple[str | None, int]:
    """Return the line and the exit code of a known fault; no line for a fault of ours."""
    from sqlalchemy.exc import DBAPIError

    from crawler.cli.terminal import plain
    from crawler.roster.file import BadRoster
    from crawler.settings import BadSettings
    from crawler.worker.summary import CantWork
    from storage.cases import NoSuchCase
    from storage.database import DatabaseTrouble

    match fault:
        case BadRoster():
            return "\nfalsetto: ".join(plain(line) for line in fault.faults), BAD_INPUT
        case NoSuchCase() | BadInput():
            return plain(str(fault)), BAD_INPUT
        case BadSettings() | DatabaseTrouble() | CantWork():
            return "\n".join(plain(line) for line in str(fault).splitlines()), CANT_RUN
        case DBAPIError():
            return plain(f"the store failed: {str(fault.orig).strip().splitlines()[0][:200]}"), CANT_RUN
        case _:
            return None, 1


class BadInput(Exception):
    """Something given on the command line can't be used."""
