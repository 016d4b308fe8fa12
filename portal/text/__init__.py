"""What codes, sentences and languages look like as text; knows no request and no database."""
