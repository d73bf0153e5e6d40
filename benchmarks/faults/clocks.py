"""Workers whose machine's clock is wrong: they say so and record nothing, and the next one is none the worse."""

from pathlib import Path

from sqlalchemy import func, select

import sandbox
from benchmarks.faults.deaths import ALL, FOR_EVER_S, LAPSE
from benchmarks.faults.found import Found, Harm
from storage.database import open_database
from storage.models import look
from tests import sandboxed
from tests.fleet import CANT_WORK

AHEAD_S = (90.0, 400 * 86_400.0, -90.0, -86_400.0)


def off(url: str, folder: Path, harm: Harm) -> Found:
    """Run workers with wrong clocks, then one with a right one."""
    engine, faults = open_database(url), []
    with sandbox.running(scale=0.1, lapse=LAPSE, capability="extended") as world:
        began = world.now()
        sandboxed.import_roster(engine, world, folder)
        for ahead_s in AHEAD_S:
            ran = sandboxed.fleet(world, url, ALL, lapse=LAPSE, once=True, ahead_s=ahead_s, timeout_s=FOR_EVER_S)
            if ran["codes"] != [CANT_WORK]:
                faults.append(f"{ahead_s:.0f} s ahead: the worker ended with code {ran['codes']}")
            with engine.connect() as connection:
                if recorded := connection.scalar(select(func.count()).select_from(look)):
                    faults.append(f"{ahead_s:.0f} s ahead: {recorded} looks were recorded")
        ran = sandboxed.fleet(world, url, ALL, lapse=LAPSE, once=True, ahead_s=20.0, timeout_s=FOR_EVER_S)
        if ran["codes"] != [0]:
            faults.append(f"the worker with a clock that was nearly right ended with code {ran['codes']}")
        counts = sandboxed.wrongs(world, engine, began)
    engine.dispose()
    return Found(f"clocks {', '.join(f'{ahead_s:+.0f} s' for ahead_s in AHEAD_S)}", counts, tuple(faults))
