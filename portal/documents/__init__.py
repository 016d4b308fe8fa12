"""Letters and spreadsheets: what is printed or downloaded. Only this package uses the PDF engine."""
