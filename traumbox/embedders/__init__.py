"""The CLAP models: audio and sentences into one space."""
