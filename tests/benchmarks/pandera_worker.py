"""Hold a Parquet file to rules with Pandera on Polars; runs in Pandera's environment: no module of ours is here."""

import json
import resource
import sys
import time
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

source, rules = sys.argv[1], json.loads(sys.argv[2])


def column(name: str) -> pa.Column:
    """Return what was agreed on a column."""
    own = [rule for rule in rules if rule["column"] == name]
    checks = []
    for rule in own:
        arguments = rule["arguments"]
        if rule["kind"] == "range":
            checks += [pa.Check.ge(arguments["min"]), pa.Check.le(arguments["max"])]
        elif rule["kind"] == "enumeration":
            checks.append(pa.Check.isin(arguments["values"]))
        elif rule["kind"] == "length":
            checks.append(pa.Check.str_length(arguments["min"], arguments["max"]))
    nullable = not any(rule["kind"] == "not_null" for rule in own)
    return pa.Column(checks=checks, nullable=nullable)


schema = pa.DataFrameSchema({name: column(name) for name in dict.fromkeys(rule["column"] for rule in rules)})
began = time.perf_counter()
try:
    schema.validate(pl.read_parquet(source), lazy=True)
    broken = []
except SchemaErrors as found:
    broken = sorted({error.schema.name for error in found.schema_errors})
seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss: a process inherits that of the one that started it
peak = 1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
print(json.dumps([seconds, used.ru_utime + used.ru_stime, peak, broken]))
