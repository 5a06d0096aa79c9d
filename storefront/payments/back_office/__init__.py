"""The payments' screens of the back office: timeline and refunds, findings, disputes, payouts."""
