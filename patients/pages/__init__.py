"""The patient's pages, and the record pane for clinicians."""
