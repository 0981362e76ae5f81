"""Methods that change, draw from or look at the global state of their process.

Usable as ``bad_neighbours:Name`` wherever a method is named, with this folder on the import path.
"""

import faulthandler
import json
import os
import random
import signal
import sys
import threading
import time
import warnings

import numpy as np
import torch
from bad_plugins import Good


class Vandal(Good):
    """Changes all global state it can think of, and ends well."""

    def fit(self, graphs):
        random.seed(0)
        np.random.seed(0)
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(3)
        torch.set_grad_enabled(False)
        os.chdir("/")
        os.environ["VANDAL"] = "was here"
        os.environ.pop("HOME", None)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        faulthandler.disable()
        sys.path.insert(0, "/nowhere")
        sys.setrecursionlimit(4000)
        sys.stdout = sys.stderr = None
        os.close(1)
        threading.Thread(target=time.sleep, args=(0.2,), daemon=True).start()
        return super().fit(graphs)


class GlobalGenerator(Good):
    """Draws from the global generators, whatever seed it was given."""

    def fit(self, graphs):
        self.z_ = [
            (np.random.normal(size=(g.n_genes, self.dim)) + random.random()).astype(np.float32)
            + torch.randn(1).numpy()
            for g in graphs
        ]
        return self


class Witness(Good):
    """Fails with a description of the global state it finds, as its reason."""

    def fit(self, graphs):
        state = {
            "cwd": os.getcwd(),
            "vandal": os.environ.get("VANDAL"),
            "home": "HOME" in os.environ,
            "dtype": str(torch.get_default_dtype()),
            "threads": torch.get_num_threads(),
            "grad": torch.is_grad_enabled(),
            "errors": np.geterr()["over"],
            "path": "/nowhere" in sys.path,
            "recursion": sys.getrecursionlimit(),
            "filter": warnings.filters[0][0],
            "term": str(signal.getsignal(signal.SIGTERM)),
            "alarm": str(signal.getsignal(signal.SIGALRM)),
            "blocked": len(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
            "faulthandler": faulthandler.is_enabled(),
            "stdout": sys.stdout is not None and os.fstat(1).st_ino == os.fstat(2).st_ino,
            "draws": [random.random(), np.random.random(), float(torch.rand(1))],
        }
        raise RuntimeError(json.dumps(state, sort_keys=True))
