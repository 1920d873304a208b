"""From referral to contract: one course of therapy."""
