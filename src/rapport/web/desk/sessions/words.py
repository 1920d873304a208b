"""The desk's words for states, refusals and numbers."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from rapport.clinical.sessions.attendance import Attendance
from rapport.clinical.sessions.notes import Due, NoteFormat, NoteMethod, NoteSection
from rapport.clinical.sessions.states import Place, SessionState
from rapport.practice.sessions import actions
from rapport.practice.sessions.choices import StepKind

ATTENDANCE: dict[Attendance, Promise] = {
    Attendance.ATTENDED: gettext_lazy("came"),
    Attendance.LATE: gettext_lazy("came late"),
    Attendance.CUT_SHORT: gettext_lazy("cut short"),
    Attendance.CANCELLED_IN_NOTICE: gettext_lazy("cancelled in notice"),
    Attendance.CANCELLED_LATE: gettext_lazy("cancelled late"),
    Attendance.DID_NOT_ATTEND: gettext_lazy("did not come"),
    Attendance.CANCELLED_BY_THERAPIST: gettext_lazy("cancelled by you"),
}
STATES: dict[SessionState, Promise] = {
    SessionState.PLANNED: gettext_lazy("planned"),
    SessionState.RUNNING: gettext_lazy("running"),
    SessionState.ENDED: gettext_lazy("took place"),
    SessionState.CANCELLED: gettext_lazy("cancelled"),
    SessionState.DID_NOT_ATTEND: gettext_lazy("did not come"),
    SessionState.RESCHEDULED: gettext_lazy("left out"),
}
PLACES: dict[Place, Promise] = {
    Place.ROOM: gettext_lazy("in person"),
    Place.VIDEO: gettext_lazy("video"),
    Place.PHONE: gettext_lazy("telephone"),
    Place.WALK: gettext_lazy("walking"),
    Place.OTHER: gettext_lazy("another place"),
}
STEPS: dict[StepKind, Promise] = {
    StepKind.BOOKED: gettext_lazy("Booked"),
    StepKind.CONFIRMED: gettext_lazy("The client said that they come"),
    StepKind.MOVED: gettext_lazy("Moved"),
    StepKind.PLACE_CHANGED: gettext_lazy("To be held elsewhere"),
    StepKind.LEFT_OUT: gettext_lazy("Left out of its series"),
    StepKind.STARTED: gettext_lazy("Started"),
    StepKind.ENDED: gettext_lazy("Ended"),
    StepKind.RECORDED: gettext_lazy("Entered afterwards"),
    StepKind.CANCELLED: gettext_lazy("Cancelled"),
    StepKind.DID_NOT_ATTEND: gettext_lazy("Did not come"),
    StepKind.CORRECTED: gettext_lazy("Corrected"),
    StepKind.LOCATED: gettext_lazy("The client said where they were"),
}
FORMATS: dict[NoteFormat, Promise] = {
    NoteFormat.FREE: gettext_lazy("Free text"),
    NoteFormat.SOAP: gettext_lazy("SOAP"),
    NoteFormat.DAP: gettext_lazy("DAP"),
    NoteFormat.BIRP: gettext_lazy("BIRP"),
    NoteFormat.GIRP: gettext_lazy("GIRP"),
}
METHODS: dict[NoteMethod, Promise] = {
    NoteMethod.NONE: gettext_lazy("no particular way"),
    NoteMethod.PSYCHODYNAMIC: gettext_lazy("psychodynamic"),
    NoteMethod.CBT: gettext_lazy("cognitive behavioural"),
    NoteMethod.HYPNOTHERAPY: gettext_lazy("hypnotherapy"),
    NoteMethod.INTEGRATIVE: gettext_lazy("integrative"),
}
DUE: dict[Due, Promise] = {Due.DUE: gettext_lazy("due"), Due.OVERDUE: gettext_lazy("overdue")}
SECTIONS: dict[NoteSection, Promise] = {
    NoteSection.TEXT: gettext_lazy("Note"),
    NoteSection.SUBJECTIVE: gettext_lazy("Subjective"),
    NoteSection.OBJECTIVE: gettext_lazy("Objective"),
    NoteSection.ASSESSMENT: gettext_lazy("Assessment"),
    NoteSection.DATA: gettext_lazy("Data"),
    NoteSection.GOAL: gettext_lazy("Goal"),
    NoteSection.BEHAVIOUR: gettext_lazy("Behaviour"),
    NoteSection.INTERVENTION: gettext_lazy("Intervention"),
    NoteSection.RESPONSE: gettext_lazy("Response"),
    NoteSection.PLAN: gettext_lazy("Plan"),
}
REFUSALS: dict[type[Exception], Promise] = {
    actions.NoLength: gettext_lazy("A session needs a length. Give an end after its start."),
    actions.EndsBeforeItStarts: gettext_lazy("The end lies before the start. Put the later time last."),
    actions.TooLong: gettext_lazy("A session lasts at most ten hours."),
    actions.TherapistAway: gettext_lazy("This time is kept free: somebody is away or busy then. Choose another time."),
    actions.NoSeries: gettext_lazy("This session stands alone; nothing follows it."),
    actions.NoSuchContinuation: gettext_lazy(
        "With several sessions a week, each moves within its week, to a day of its own. Move this one alone, or stay in"
        " the week."
    ),
    actions.TherapistBusy: gettext_lazy("You already have a session then. Choose another time."),
    actions.RoomBusy: gettext_lazy("The room is taken then. Choose another room or time."),
    actions.ClientBusy: gettext_lazy("This client already has a session then."),
    actions.RoomUnknown: gettext_lazy("This room was given up. Choose another."),
    actions.EpisodeClosed: gettext_lazy("This course of therapy is closed; nothing more is booked in it."),
    actions.TooEarly: gettext_lazy("This can be said once the hour has begun, and not for a time to come."),
    actions.NotYetTold: gettext_lazy("The cancellation cannot have arrived later than now."),
    actions.HoursInTheWay: gettext_lazy("Hours are booked then. Say for each what happens to it."),
    actions.StateMoved: gettext_lazy("The session has moved on meanwhile. This is how it stands now."),
    actions.ReasonMissing: gettext_lazy("Say why, in a few words."),
    actions.NotNow: gettext_lazy("This is asked around the hour, and the hour is too far away."),
    actions.SeriesClashes: gettext_lazy("Some of these days are taken. Leave them out, or choose another time."),
    actions.NoteTooLong: gettext_lazy("A note holds at most 200,000 characters. Your text is still here."),
    actions.AgendaFull: gettext_lazy("An hour does not hold more than that. Take something off first."),
    actions.LineTooLong: gettext_lazy("One line is enough: at most 300 characters. The rest belongs into the note."),
    actions.NothingToTakeBack: gettext_lazy("Nothing was noted within the last hour."),
    actions.OutsideTheHour: gettext_lazy("Choose a minute between the start of the hour and its end."),
    actions.ThingGone: gettext_lazy("This was taken back or left out meanwhile."),
    actions.UnknownIntervention: gettext_lazy("This is on no list. Load the page again."),
    actions.WordsMissing: gettext_lazy("Write a few words."),
    actions.NothingWritten: gettext_lazy("Say it in a few words."),
    actions.WordsTooLong: gettext_lazy("This is too long. Your text is still here: shorten it."),
    actions.TooMany: gettext_lazy("There are as many as one can still find something in. Remove one first."),
    actions.NotThen: gettext_lazy("Give a time in the last year, and not in the future."),
    actions.NothingToSign: gettext_lazy("There is nothing to sign yet."),
}


def refusal(problem: Exception) -> str:
    """Why it was refused, as a sentence with a remedy."""
    return str(REFUSALS.get(type(problem)) or _("This could not be done."))


def hours_today(count: int) -> str:
    """The sentence with which the day begins."""
    if count == 0:
        return _("Nobody is booked today")
    words = [
        _("One"),
        _("Two"),
        _("Three"),
        _("Four"),
        _("Five"),
        _("Six"),
        _("Seven"),
        _("Eight"),
        _("Nine"),
        _("Ten"),
    ]
    number = words[count - 1] if count <= len(words) else str(count)
    return ngettext("%(number)s hour with somebody today", "%(number)s hours with people today", count) % {
        "number": number
    }
