"""Evidently's drift preset as it comes; runs in Evidently's environment, a pair of Parquet files a line."""

import json
import os
import sys
import warnings

out, sys.stdout = sys.stdout, sys.stderr
warnings.filterwarnings("ignore")
os.environ["DO_NOT_TRACK"] = "1"


def drifted(reference, current):
    found = Report([DataDriftPreset()]).run(current_data=current, reference_data=reference).dict()
    columns = []
    for metric in found["metrics"]:
        config = metric["config"]
        if "column" not in config:
            continue
        value, threshold = metric["value"], config["threshold"]
        if (value < threshold) if "p_value" in config["method"] else (value >= threshold):
            columns.append(config["column"])
    return columns


if __name__ == "__main__":
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    for line in sys.stdin:
        try:
            answer = drifted(*map(pd.read_parquet, json.loads(line)))
        except Exception as error:  # noqa: BLE001 - that it breaks is what is counted
            print(error)
            answer = None
        print(json.dumps(answer), file=out, flush=True)
