"""From LAION's checkpoint to two ONNX files; the only part that needs PyTorch and laion-clap.

It runs in a process of its own, ``python -m traumbox.embedders.clap.convert``, because PyTorch
never gives its memory back.
"""
