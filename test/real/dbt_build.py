# Runs dbt commands one after the other in one process: [{"in": folder, "args": [...], "env": {...}}, ...] from the command line.
import json
import os
import sys

from dbt.cli.main import dbtRunner


def main():
    home = os.getcwd()
    for command in json.loads(sys.argv[1]):
        os.chdir(os.path.join(home, command["in"]))
        own = command.get("env", {})
        os.environ.update(own)
        result = dbtRunner().invoke([*command["args"], "--profiles-dir", home])
        for name in own:
            del os.environ[name]
        # A model or a test that fails is what is to be read about; an exception is not.
        if result.exception:
            raise result.exception


# Processes that dbt starts read this file again.
if __name__ == "__main__":
    main()
