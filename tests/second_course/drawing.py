"""How this course writes a number in the feedback."""

from __future__ import annotations

from fractions import Fraction


def number(value: object) -> str:
    """The number as text: a fraction if it is one with a denominator of at most 100, else a decimal.

    >>> number(0.25)
    '1/4'
    """
    fraction = Fraction(float(str(value))).limit_denominator(100)
    return str(fraction) if abs(float(fraction) - float(str(value))) < 1e-9 else f"{float(str(value)):.3g}"
