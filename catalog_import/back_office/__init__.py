"""The importer's screens in the back office: upload, plan, progress, report, history."""
