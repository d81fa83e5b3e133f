"""Work in the background: asked for beside a change, done by `portal worker`, once."""
