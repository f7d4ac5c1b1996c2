"""Receipts of tills, English and Chinese, and invoices in English."""
