"""Changes that editors make to content: edits of files, drafts that keep them, tables and projects of others."""
