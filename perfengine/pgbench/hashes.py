"""The hash functions and the permutation of pgbench, bit by bit.

Sources: PostgreSQL, src/bin/pgbench/pgbench.c, of which each function names its own.
"""

from __future__ import annotations

from typing import Final

from perfengine.pgbench.prng import Prng

_MASK: Final = (1 << 64) - 1
_SIGN: Final = 1 << 63
_FNV_BASIS: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3
_MURMUR: Final = 0xC6A4A7935BD1E995
_MURMUR_ROTATION: Final = 47
_BYTES: Final = 8
_ROUNDS: Final = 6


def signed(value: int) -> int:
    """Return the 64 lowest bits as an integer with a sign."""
    return ((value & _MASK) ^ _SIGN) - _SIGN


def fnv1a(value: int, seed: int) -> int:
    """Return the FNV-1a hash of the eight bytes, lowest first (`getHashFnv1a`; Fowler, Noll, Vo)."""
    result = (_FNV_BASIS ^ seed) & _MASK
    for octet in (value & _MASK).to_bytes(_BYTES, "little"):
        result = (result ^ octet) * _FNV_PRIME & _MASK
    return signed(result)


def murmur2(value: int, seed: int) -> int:
    """Return the Murmur2 hash (`getHashMurmur2`; Appleby)."""
    k = value * _MURMUR & _MASK
    k = (k ^ (k >> _MURMUR_ROTATION)) * _MURMUR & _MASK
    result = ((seed ^ (_MURMUR * _BYTES)) & _MASK ^ k) * _MURMUR & _MASK
    result = (result ^ (result >> _MURMUR_ROTATION)) * _MURMUR & _MASK
    return signed(result ^ (result >> _MURMUR_ROTATION))


def permute(value: int, size: int, seed: int) -> int:
    """Return where the permutation of 0..`size`-1 that belongs to `seed` puts `value` (`permute`).

    Six rounds; in each the lower and the upper power of two of the range are multiplied, mixed and rotated, and the
    whole is shifted around.
    """
    if size < 2:
        return 0
    random = Prng(seed)
    place = (value & _MASK) % size
    bits = size.bit_length() - 1
    mask = (1 << bits) - 1
    for _ in range(_ROUNDS):
        factor, flips = random.word() & mask | 1, random.word() & mask
        if place <= mask:
            place = _mixed(place, factor, flips, bits)
        factor, flips = random.word() & mask | 1, random.word() & mask
        from_end = size - 1 - place
        if from_end <= mask:
            place = size - 1 - _mixed(from_end, factor, flips, bits)
        place = (place + random.between(0, size - 1)) % size
    return place


def _mixed(value: int, factor: int, flips: int, bits: int) -> int:
    mask = (1 << bits) - 1
    value = (value * factor ^ flips) & mask
    return (value << 1) & mask | value >> (bits - 1)
