"""The music folders: what lies there, when it stirs, what changed."""
