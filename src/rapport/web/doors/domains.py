"""The kinds of problems in words, the same wherever a professional reads them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rapport.clinical.episodes.referral import ProblemDomain

DOMAINS: Mapping[StrEnum, Promise] = {
    ProblemDomain.BEHAVIOURAL: _("Behaviour and habits"),
    ProblemDomain.RELATIONSHIP: _("Relationships"),
    ProblemDomain.PERSONAL_GROWTH: _("Personal growth"),
    ProblemDomain.TRAUMA: _("Trauma"),
    ProblemDomain.MENTAL_HEALTH: _("Mental health"),
}
