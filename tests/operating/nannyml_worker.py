"""NannyML's univariate drift as it comes (ten chunks, Jensen-Shannon): a column with any alert counts as drifted."""

import json
import os
import sys
import warnings

out, sys.stdout = sys.stdout, sys.stderr
warnings.filterwarnings("ignore")
os.environ["NML_DISABLE_USAGE_LOGGING"] = "1"


def drifted(reference, current):
    # constant and empty columns break it, so it is spared them
    columns = [
        name for name in reference if min(len(side[name].dropna().unique()) for side in (reference, current)) > 1
    ]
    calculator = nannyml.UnivariateDriftCalculator(column_names=columns)
    calculator.fit(reference)
    found = calculator.calculate(current).filter(period="analysis").to_df()
    return [name for name in columns if found[(name, "jensen_shannon", "alert")].any()]


if __name__ == "__main__":
    import nannyml
    import pandas as pd

    for line in sys.stdin:
        try:
            answer = drifted(*map(pd.read_parquet, json.loads(line)))
        except Exception as error:  # noqa: BLE001 - that it breaks is what is counted
            print(error)
            answer = None
        print(json.dumps(answer), file=out, flush=True)
