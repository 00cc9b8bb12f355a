"""Geometry of unit vectors: angles, ways between them, turning away."""

from __future__ import annotations

from math import acos, cos, pi, sin

import numpy as np

from traumbox.domain import Float32, unit

SAME_RAD = 1e-4
"""Below this angle float32 can't tell two directions apart."""


def unit_rows(vectors: Float32) -> Float32:
    """Return float32[n, dim] with rows of norm 1, without those that have no direction.

    One vector float32[dim] is taken as one row.
    """
    rows = np.atleast_2d(np.asarray(vectors, dtype=np.float32))
    with np.errstate(over="ignore", invalid="ignore"):
        norms = np.linalg.norm(rows, axis=1)
    told = np.isfinite(norms) & (norms > 0.0)
    turned: Float32 = rows[told] / norms[told, None]
    return turned


def angle_rad(first: Float32, second: Float32) -> float:
    """Return the angle between two unit vectors float32[dim], 0 to pi."""
    return acos(min(1.0, max(-1.0, float(first @ second))))


def angles_rad(cosines: Float32) -> Float32:
    """Return the angles that belong to ``cosines``, of the same shape, 0 to pi."""
    angles: Float32 = np.arccos(np.clip(cosines, -1.0, 1.0)).astype(np.float32)
    return angles


def slerp(first: Float32, second: Float32, share: float) -> Float32:
    """Return the unit vector float32[dim] that lies ``share`` (0-1) of the way to ``second``.

    The way is the great circle's shorter arc, so equal shares are equal angles (K. Shoemake,
    "Animating rotation with quaternion curves", SIGGRAPH 1985). Between opposite vectors every arc
    is as short; the same one is taken each time.
    """
    return turned(first, second, share * angle_rad(first, second))


def turned(start: Float32, towards: Float32, by_rad: float) -> Float32:
    """Return ``start`` float32[dim] turned by an angle towards another unit vector.

    A negative angle turns away from it. Where both are the same there is no direction to turn
    in, and ``start`` is returned as it is.
    """
    apart_rad = angle_rad(start, towards)
    if apart_rad < SAME_RAD:
        return start
    aside = towards - float(start @ towards) * start
    if pi - apart_rad < SAME_RAD:
        # Any direction leads to the opposite; the axis that start leans on least is far from it.
        axis = np.zeros_like(start)
        axis[int(np.argmin(np.abs(start)))] = 1.0
        aside = axis - float(start @ axis) * start
    return unit(cos(by_rad) * start + sin(by_rad) * unit(aside))
