"""An SMS carrier whose every handset is one page."""
