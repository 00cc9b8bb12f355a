"""Sound: decoding to 48 kHz mono, cutting into windows, and what is measured on the way."""
