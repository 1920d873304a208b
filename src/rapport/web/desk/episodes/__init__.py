"""The therapist's pages of a course: referral, assessment, decision, agreement, goals."""
