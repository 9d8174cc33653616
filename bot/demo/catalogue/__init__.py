"""The demo shop's product range: data in ranges/*.toml, pictures in drawings/."""
