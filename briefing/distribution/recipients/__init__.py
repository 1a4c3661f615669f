"""Lists of recipients: the bytes of a CSV or XLSX file from anybody's desk in, recipients and every fault out."""
