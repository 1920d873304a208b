"""The closed words of a referral, a decision and a contract."""
