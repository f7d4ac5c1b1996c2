"""Chinese VAT invoices, on paper and electronic."""
