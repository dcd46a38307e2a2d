"""Parse what people type about an event: its fields, dates, series and periods."""
