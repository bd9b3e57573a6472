"""Python imports this where `PYTHONPATH` names its folder: installs the points that FAULT names."""

import json
import os
import sys
from pathlib import Path

if "FAULT" in os.environ:
    sys.path.insert(0, str(Path(__file__).parents[3]))
    from tests.faults.points import Fault, install

    _told = json.loads(os.environ["FAULT"])
    install(Path(_told["folder"]), Fault(**_told["fault"]), Path(_told["counter"]))
