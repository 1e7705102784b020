"""Acts that citizens confirm on their own phones (docs/adr/0024)."""
