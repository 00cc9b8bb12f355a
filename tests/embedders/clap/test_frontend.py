import os
import subprocess
import sys

import numpy as np
import pytest

from traumbox.embedders.clap import golden
from traumbox.embedders.clap.frontend import FRAMES, HOP, log_mel, mel_filters


@pytest.fixture(scope="module")
def sounds():
    rng = np.random.default_rng(7)
    noise = (0.1 * rng.standard_normal(480_000)).astype(np.float32)
    return [noise, noise * np.float32(1e-3), *golden.windows()]


def test_it_is_torchlibrosas_log_mel_as_laion_sets_it_up(sounds):
    torch = pytest.importorskip("torch", reason="PyTorch isn't installed (make clap)")
    stft = pytest.importorskip("torchlibrosa.stft", reason="torchlibrosa isn't installed")
    spectrogram = stft.Spectrogram(
        n_fft=1024,
        hop_length=480,
        win_length=1024,
        window="hann",
        center=True,
        pad_mode="reflect",
        freeze_parameters=True,
    )
    to_mel = stft.LogmelFilterBank(
        sr=48_000,
        n_fft=1024,
        n_mels=64,
        fmin=50,
        fmax=14_000,
        ref=1.0,
        amin=1e-10,
        top_db=None,
        freeze_parameters=True,
    )
    for sound in sounds:
        theirs = to_mel(spectrogram(torch.from_numpy(sound)[None]))[0, 0].numpy()
        ours = log_mel(sound)
        assert ours.shape == theirs.shape == (1001, 64)
        assert ours.dtype == np.float32
        # Far below the loudest band both are the rounding noise of single precision.
        audible = theirs > theirs.max(axis=1, keepdims=True) - 60.0
        assert np.abs(ours - theirs)[audible].max() <= 0.003


def test_it_agrees_with_double_precision(sounds):
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(1024) / 1024)
    filters = mel_filters().astype(np.float64)
    for sound in sounds:
        padded = np.pad(sound.astype(np.float64), 512, mode="reflect")
        frames = np.stack([padded[i * HOP : i * HOP + 1024] for i in range(0, FRAMES, 50)])
        power = np.abs(np.fft.rfft(frames * hann)) ** 2
        exact = 10.0 * np.log10(np.maximum(power @ filters, 1e-10))
        audible = exact > exact.max(axis=1, keepdims=True) - 60.0
        assert np.abs(log_mel(sound)[::50] - exact)[audible].max() <= 0.003


def test_a_pure_tone_is_loudest_in_its_own_band():
    centres = (mel_filters() * np.arange(513)[:, None]).sum(0) / mel_filters().sum(0) * 46.875
    t = np.arange(480_000) / 48_000
    for hz in (200.0, 1_000.0, 9_000.0):
        mel = log_mel((0.5 * np.sin(2 * np.pi * hz * t)).astype(np.float32))
        band = int(mel[500].argmax())
        assert abs(centres[band] - hz) < 0.05 * hz + 25.0


SPINNING = """
import time
import numpy as np
from traumbox.embedders.clap.frontend import log_mel

window = np.ones(480_000, np.float32)
log_mel(window)
time.sleep(0.5)
before_s = time.process_time()
log_mel(window)
busy_s = time.process_time() - before_s
time.sleep(0.3)
print((time.process_time() - before_s) / busy_s)
"""


def test_no_thread_goes_on_spinning_afterwards():
    command = [sys.executable, "-c", SPINNING]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    assert float(done.stdout) < 3.0


def test_silence_is_the_floor():
    mel = log_mel(np.zeros(480_000, np.float32))
    assert mel == pytest.approx(-100.0, abs=1e-4)


def test_the_window_is_left_as_it_was(sounds):
    before = sounds[0].copy()
    log_mel(sounds[0])
    assert (sounds[0] == before).all()
