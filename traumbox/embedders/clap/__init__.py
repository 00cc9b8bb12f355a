"""LAION's CLAP: converted once from its checkpoint to ONNX, then heard without PyTorch."""
