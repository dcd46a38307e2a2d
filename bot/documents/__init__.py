"""Files made for people: spreadsheets and pictures."""
