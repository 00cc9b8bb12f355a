import numpy as np


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)
