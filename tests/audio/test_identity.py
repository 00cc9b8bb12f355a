import numpy as np

from traumbox.audio.identity import AudioHash
from traumbox.domain import Int16


def audio_id(*blocks: Int16) -> str:
    sound = AudioHash()
    for block in blocks:
        sound.feed(block)
    return sound.result()


PCM = np.arange(-500, 500, dtype=np.int16)


def test_blocks_make_no_difference() -> None:
    assert audio_id(PCM) == audio_id(PCM[:1], PCM[1:700], PCM[700:])


def test_one_sample_makes_a_difference() -> None:
    other = PCM.copy()
    other[500] += 1
    assert audio_id(other) != audio_id(PCM)


def test_it_is_128_bits_and_stays_what_it_is() -> None:
    assert audio_id(PCM) == "9cf90f89368415054e039a326979a151"


def test_byte_order_of_the_machine_makes_no_difference() -> None:
    assert audio_id(PCM.astype(">i2")) == audio_id(PCM)
