"""The report's codes in plain English: message ids for a page, sentences for a console.

Denominators are said in words, because a share without them is no statement.
"""

from __future__ import annotations

from rapport.clinical.outcomes.service.benchmarks import Position
from rapport.clinical.outcomes.service.parts import (
    Aside,
    Counted,
    Curve,
    LimitCode,
    MissingMethod,
    RateCode,
    Rule,
    Step,
)
from rapport.clinical.outcomes.service.wording import Better

RATES: dict[RateCode, str] = {
    RateCode.PAIRED: "have two scores",
    RateCode.RECOVERY: "recovered",
    RateCode.RELIABLE_RECOVERY: "recovered reliably",
    RateCode.RELIABLE_IMPROVEMENT: "improved reliably",
    RateCode.RELIABLE_DETERIORATION: "became reliably worse",
    RateCode.NO_RELIABLE_CHANGE: "show no reliable change",
    RateCode.RECOVERY_PAIRED: "recovered, of those with two scores",
    RateCode.RELIABLE_IMPROVEMENT_PAIRED: "improved reliably, of those with two scores",
    RateCode.UNPLANNED_ENDING: "ended without a plan",
}

COUNTED: dict[Counted, str] = {
    Counted.FINISHED: "of everybody who finished a course, with or without a second score",
    Counted.FINISHED_NOT_BELOW: "of everybody who finished a course, less those who began below the threshold",
    Counted.PAIRED: "of those who finished a course and have two scores",
    Counted.PAIRED_CASES: "of those who finished a course, have two scores and did not begin below the threshold",
}

STEPS: dict[Step, str] = {
    Step.REFERRED: "referred in the period",
    Step.STARTED: "of them started",
    Step.FINISHED: "of them finished a course (two sessions or more)",
    Step.PAIRED: "of them have two scores",
}

ASIDES: dict[Aside, str] = {
    Aside.WAITING: "still wait to start",
    Aside.ENDED_BEFORE_START: "ended before they started",
    Aside.IN_TREATMENT: "are still in treatment",
    Aside.ENDED_BEFORE_TWO_SESSIONS: "ended before a second session",
    Aside.NO_SECOND_SCORE: "have no second score",
}

RULES: dict[Rule, str] = {
    Rule.NHS_PAIR: "The rules of NHS Talking Therapies, on PHQ-9 and GAD-7 together.",
    Rule.ONE_MEASURE: "Reliable change and cut-off on one measure.",
    Rule.NONE: "Nothing is known by which to tell change from error: no classes.",
}

MISSING: dict[MissingMethod, str] = {
    MissingMethod.ALL_SCORES: "every score, by a growth curve",
    MissingMethod.LAST_CARRIED: "last known score for everybody",
    MissingMethod.BASELINE_CARRIED: "who did not end as planned counted as unchanged",
    MissingMethod.COMPLETERS: "only who ended as planned, with two scores",
}

CURVES: dict[Curve, str] = {
    Curve.UNPLANNED_ENDING: "ended without a plan",
    Curve.PLANNED_ENDING: "ended as planned",
    Curve.RELIABLE_IMPROVEMENT: "improved reliably",
    Curve.LEFT_WITHOUT: "left before a reliable improvement",
}

POSITIONS: dict[Position, str] = {
    Position.ABOVE: "above",
    Position.WITHIN: "within what chance allows",
    Position.BELOW: "below",
}

LIMITS: dict[LimitCode, str] = {
    LimitCode.NO_CONTROL: "Nobody here was compared with people who had something else: "
    "this is change, not what brought it about.",
    LimitCode.REGRESSION_TO_THE_MEAN: "People come when they are worst, so some would have scored lower anyway. "
    "On a waiting list PHQ-9 fell from 13.6 to 7.0 within 16 weeks (Graham et al. 2020, as cited by others).",
    LimitCode.PAIRING: "%(count)d of %(out_of)d finished courses (%(share).0f %%) have two scores.",
    LimitCode.MISSING_END_DATA: "%(count)d finished courses (%(share).0f %%) have no second score: more than a fifth. "
    "Those who leave often fare differently.",
    LimitCode.SMALL_N: "Fewer than %(least)d courses have two scores: too few for a conclusion about the service.",
    LimitCode.MULTIPLE_TESTING: "%(tests)d comparisons were made; one in twenty stands out by chance alone.",
    LimitCode.THERAPIST_ASSESSED: "The therapists collected the scores themselves.",
    LimitCode.CASE_MIX: "Other services see other people: "
    "poverty alone moves recovery by about twelve points in a hundred.",
    LimitCode.UNVERIFIED_VALUES: "%(values)d published values used here were not yet checked against their source.",
    LimitCode.SPARSE_TREND: "Points of the trend that rest on fewer than five people: %(points)d.",
    LimitCode.DOSE_CONFOUNDED: "People stop when they are well, so many sessions mark those who improved slowly; "
    "the curve does not say how many sessions anybody needs.",
}

WITHOUT_NUMBERS: dict[LimitCode, str] = {
    LimitCode.PAIRING: "Not every finished course has two scores.",
    LimitCode.MISSING_END_DATA: "More than a fifth of the finished courses have no second score. "
    "Those who leave often fare differently.",
}

BETTER: dict[Better, str] = {
    Better.CHANGED: "Clients changed by … points between their first and last score.",
    Better.SHARE_IMPROVED: "… of … clients improved reliably; … became reliably worse.",
    Better.WENT_WITH: "The change went together with …; without a comparison nobody can say what brought it about.",
    Better.AS_EXPECTED: "The figure lies above / within / below what comparable services report.",
}

REASONS: dict[str, str] = {
    "nobody": "nobody to count",
    "too_few": "too few people",
    "no_spread": "every score is the same",
    "small_number": "not published: a small number",
    "no_cut_off": "no cut-off is known",
    "separated": "no curve fits",
    "falls_with_sessions": "the share falls with more sessions, so there is no half-way number",
    "unknown": "not known",
    "endings_unknown": "not known: endings were not given",
    "sessions_unknown": "not known: sessions attended were not given",
    "no_reliability": "no reliability is known",
    "no_clinical_sd": "no spread before treatment is known",
}
