"""A plain program's answer to the same questions: logistic regression on a few measures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

_PENALTY = 1e-3


def fit_and_guess(
    known: NDArray[np.float64], labels: Sequence[str], asked: NDArray[np.float64]
) -> list[str]:
    """Learn ``labels`` from descriptors ``known`` [n, d]; return guesses for ``asked`` [m, d].

    Multinomial logistic regression with an L2 penalty on standardised descriptors. A descriptor
    that isn't finite counts as its mean.
    """
    classes = sorted(set(labels))
    mean = np.nanmean(np.where(np.isfinite(known), known, np.nan), axis=0)
    spread = np.nanstd(np.where(np.isfinite(known), known, np.nan), axis=0) + 1e-9

    def standard(x: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = np.nan_to_num((np.where(np.isfinite(x), x, mean) - mean) / spread)
        return np.hstack([np.clip(scaled, -5, 5), np.ones((len(x), 1))])

    x = standard(known)
    wanted = np.array([[label == name for name in classes] for label in labels], dtype=np.float64)
    shape = (x.shape[1], len(classes))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        logits = x @ weights
        logits -= logits.max(axis=1, keepdims=True)
        log_shares = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        slope = x.T @ (np.exp(log_shares) - wanted) / len(x) + 2 * _PENALTY * weights
        value = -(wanted * log_shares).sum() / len(x) + _PENALTY * (weights**2).sum()
        return float(value), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    best = np.argmax(standard(asked) @ found.x.reshape(shape), axis=1)
    return [classes[place] for place in best]
