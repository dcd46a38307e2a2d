"""The one package that the wheel installs: `bot`, `commands` and `storage` lie inside of it.

Those are names that anybody may have: outside of `minga` no file is installed under them. Whoever
imports `minga` finds ours by these names, before all others, in that process alone.
"""

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# In the repository they lie beside this folder and not in it.
sys.path.insert(0, str(_HERE if (_HERE / "bot").is_dir() else _HERE.parent))
