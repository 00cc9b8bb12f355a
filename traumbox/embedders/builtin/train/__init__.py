"""How the built-in model was made: music from seeds, captions, training, export, evaluation.

Run ``python -m traumbox.embedders.builtin.train --help``. Needs the extra "train" (torch, onnx).
"""
