"""Therapist effects: what of the results goes with therapists. For oneself, with enough cases, and never as a list."""

from rapport.clinical.statistics.therapist_effects.recovery import RecoveryShare, recovery_share
from rapport.clinical.statistics.therapist_effects.scores import OwnEffect, TherapistEffects, therapist_effects

__all__ = ["OwnEffect", "RecoveryShare", "TherapistEffects", "recovery_share", "therapist_effects"]
