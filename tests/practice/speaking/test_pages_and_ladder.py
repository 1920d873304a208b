"""Pages are the client's until handed over; rungs are chosen, not counted; comfort keeps its versions."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.files import a_picture
from tests.factories.people import AT, Course, a_manager
from tests.factories.speaking import a_brought_picture, a_page

from rapport.clinical.speaking.ladder import Rung
from rapport.clinical.speaking.openers import Method, Moment, openers
from rapport.clinical.speaking.trust import TrustStep
from rapport.practice.files.actions import FileKindUnknown
from rapport.practice.security.audit.models import AuditEvent
from rapport.practice.security.keys import api as keys
from rapport.practice.security.policy.access import Forbidden, NotFound
from rapport.practice.security.policy.actor import Actor
from rapport.practice.speaking import actions, queries
from rapport.practice.speaking.choices import Comfort, PageKind, PageState, PageText, SaidFrom
from rapport.practice.speaking.models import OwnOpener, OwnPage, TrustMoment

LATER = AT + timedelta(hours=1)


def test_until_it_is_handed_over_only_the_client_reads_a_page(client: Actor, course: Course) -> None:
    page = a_page(client)
    assert queries.own_page(viewer=client, at=AT, page_id=page).text == PageText(
        "A night", "What I could not say.", (("2019", "What I could not say."),)
    )
    assert not queries.handed_pages(viewer=course.therapist, at=AT, episode_id=course.episode)
    for ask in (
        lambda: queries.handed_page(viewer=course.therapist, at=AT, page_id=page),
        lambda: actions.open_handed_page(actor=course.therapist, at=AT, page_id=page),
        lambda: actions.save_page(actor=course.therapist, at=AT, page_id=page, version=1, text=PageText()),
    ):
        with pytest.raises((NotFound, Forbidden)):
            ask()


def test_a_page_is_handed_over_opened_and_then_stays(client: Actor, course: Course) -> None:
    page = a_page(client)
    actions.hand_page_over(actor=client, at=AT, page_id=page)
    closed = queries.handed_page(viewer=course.therapist, at=AT, page_id=page)
    assert (closed.state, closed.text) == (PageState.HANDED_OVER, None)
    actions.open_handed_page(actor=course.therapist, at=LATER, page_id=page)
    opened = queries.handed_page(viewer=course.therapist, at=LATER, page_id=page)
    assert opened.text
    assert queries.own_page(viewer=client, at=LATER, page_id=page).read_at == LATER
    with pytest.raises(actions.PageHandedOver):
        actions.take_page_back(actor=client, at=LATER, page_id=page)
    events = AuditEvent.objects.filter(object_id=page, object_type="own_page").exclude(action="read")
    assert sorted(events.values_list("action", flat=True)) == ["begin", "hand_over", "open"]
    assert AuditEvent.objects.filter(object_id=page, action="read", actor=course.therapist.account).exists()


def test_a_page_sent_twice_is_one_page(client: Actor) -> None:
    key, lines = uuid4(), (("2019", "We moved"),)
    page, again = (
        actions.begin_page(actor=client, at=AT, kind=PageKind.TIMELINE, text=PageText("Mine", "", lines), key=key)
        for _press in range(2)
    )
    assert page == again
    more = PageText("Mine", "", (*lines, ("2021", "We parted")))
    assert [actions.save_page(actor=client, at=AT, page_id=page, version=1, text=more) for _press in range(2)] == [2, 2]
    with pytest.raises(actions.PageChanged):
        actions.save_page(actor=client, at=AT, page_id=page, version=1, text=PageText("Other words", "", lines))
    brought = {"actor": client, "at": AT, "title": "", "words": "", "name": "tree.jpg", "content": a_picture()}
    assert actions.bring_picture(**brought, key=key) == page  # the page's own number names one page
    assert OwnPage.objects.count() == 1


def test_unread_a_page_can_be_taken_back(client: Actor, course: Course) -> None:
    page = a_page(client)
    actions.hand_page_over(actor=client, at=AT, page_id=page)
    with pytest.raises(actions.PageHandedOver):
        actions.save_page(actor=client, at=AT, page_id=page, version=1, text=PageText(words="other"))
    actions.take_page_back(actor=client, at=AT, page_id=page)
    with pytest.raises(NotFound):
        queries.handed_page(viewer=course.therapist, at=AT, page_id=page)
    assert actions.save_page(actor=client, at=AT, page_id=page, version=1, text=PageText(words="other")) == 2


def test_two_windows_do_not_overwrite_each_other(client: Actor) -> None:
    page = a_page(client)
    actions.save_page(actor=client, at=AT, page_id=page, version=1, text=PageText(words="first"))
    with pytest.raises(actions.PageChanged):
        actions.save_page(actor=client, at=AT, page_id=page, version=1, text=PageText(words="second"))
    found = queries.own_page(viewer=client, at=AT, page_id=page)
    assert found.text
    assert found.text.words == "first"


def test_a_blank_page_is_not_handed_over(client: Actor) -> None:
    blank = actions.begin_page(actor=client, at=AT, kind=PageKind.TIMELINE, text=PageText("Mine", "", ((" ", ""),)))
    assert queries.own_page(viewer=client, at=AT, page_id=blank).is_blank
    with pytest.raises(actions.PageBlank):
        actions.hand_page_over(actor=client, at=AT, page_id=blank)


def test_what_was_put_away_is_gone_from_every_list(client: Actor, course: Course) -> None:
    page = a_page(client)
    actions.put_page_away(actor=client, at=AT, page_id=page)
    assert not queries.own_pages(viewer=client, at=AT)
    with pytest.raises(NotFound):
        queries.own_page(viewer=client, at=AT, page_id=page)
    handed = a_page(client)
    actions.hand_page_over(actor=client, at=AT, page_id=handed)
    with pytest.raises(actions.PageHandedOver):
        actions.put_page_away(actor=client, at=AT, page_id=handed)


def test_a_picture_opens_only_after_it_was_handed_over_and_opened(client: Actor, course: Course) -> None:
    picture = a_brought_picture(client)
    assert queries.page_file(viewer=client, at=AT, page_id=picture).media_type == "image/jpeg"
    for step in (lambda: None, lambda: actions.hand_page_over(actor=client, at=AT, page_id=picture)):
        step()
        with pytest.raises(NotFound):
            queries.page_file(viewer=course.therapist, at=AT, page_id=picture)
    actions.open_handed_page(actor=course.therapist, at=AT, page_id=picture)
    assert queries.page_file(viewer=course.therapist, at=AT, page_id=picture).is_picture


def test_a_refused_picture_leaves_no_page(client: Actor) -> None:
    with pytest.raises(FileKindUnknown):
        actions.bring_picture(actor=client, at=AT, title="", words="", name="x.svg", content=b"<svg/>" + a_picture())
    assert not OwnPage.objects.exists()


def test_strangers_find_no_page(client: Actor, course: Course, strangers: list[Actor]) -> None:
    page = a_brought_picture(client)
    actions.hand_page_over(actor=client, at=AT, page_id=page)
    therapist, other = strangers
    for viewer in (therapist, a_manager()):
        with pytest.raises((NotFound, Forbidden)):
            queries.handed_page(viewer=viewer, at=AT, page_id=page)
        with pytest.raises((NotFound, Forbidden)):
            actions.open_handed_page(actor=viewer, at=AT, page_id=page)
    for ask in (queries.own_page, queries.page_file):
        with pytest.raises(NotFound):
            ask(viewer=other, at=AT, page_id=page)
    with pytest.raises(NotFound):
        actions.take_page_back(actor=other, at=AT, page_id=page)


def test_a_rung_keeps_what_it_carries(client: Actor, course: Course) -> None:
    chosen = ("numb", "no-such-card", "sad", "sad", "angry", "calm")
    actions.choose_rung(actor=client, at=AT, client_id=course.client, rung=Rung.CARD, cards=chosen, sentence="x")
    actions.choose_rung(actor=course.therapist, at=LATER, client_id=course.client, rung=Rung.QUIET)
    quiet, card = queries.rungs(viewer=course.therapist, at=LATER, client_id=course.client)
    assert (quiet.rung, quiet.said_from) == (Rung.QUIET, SaidFrom.IN_THE_ROOM)
    assert (card.cards, card.words, card.said_from) == (("numb", "sad", "angry"), "", SaidFrom.PORTAL)
    assert AuditEvent.objects.filter(object_type="rung", action="choose", client=course.client).count() == 2


def test_strangers_choose_and_read_no_rung(course: Course, strangers: list[Actor]) -> None:
    for somebody in strangers:
        with pytest.raises(NotFound):
            actions.choose_rung(actor=somebody, at=AT, client_id=course.client, rung=Rung.QUIET)
        with pytest.raises(NotFound):
            queries.rungs(viewer=somebody, at=AT, client_id=course.client)
    with pytest.raises(actions.SpeakingRefused):
        actions.choose_rung(actor=course.therapist, at=AT, client_id=course.client, rung=Rung.NUMBER, shown=12)


def test_comfort_keeps_its_versions(client: Actor, course: Course) -> None:
    assert queries.comfort(viewer=client, at=AT, client_id=course.client).comfort.is_empty
    actions.set_comfort(actor=client, at=AT, client_id=course.client, comfort=Comfort(seat=" by the door "))
    now = Comfort(seat="by the window", interpreter=True, not_ask="my brother")
    assert actions.set_comfort(actor=course.therapist, at=LATER, client_id=course.client, comfort=now) == 2
    assert actions.set_comfort(actor=course.therapist, at=LATER, client_id=course.client, comfort=now) == 2  # unchanged
    current = queries.comfort(viewer=client, at=LATER, client_id=course.client)
    assert (current.comfort, current.by_client) == (now, False)
    versions = queries.comfort_versions(viewer=course.therapist, at=LATER, client_id=course.client)
    assert [(each.number, each.comfort.seat) for each in versions] == [(2, "by the window"), (1, "by the door")]
    assert AuditEvent.objects.filter(object_type="comfort", action="set").count() == 2


def test_strangers_know_no_comfort(course: Course, strangers: list[Actor]) -> None:
    for somebody in strangers:
        with pytest.raises(NotFound):
            queries.comfort(viewer=somebody, at=AT, client_id=course.client)
        with pytest.raises(NotFound):
            actions.set_comfort(actor=somebody, at=AT, client_id=course.client, comfort=Comfort())
    with pytest.raises(Forbidden):
        queries.comfort(viewer=a_manager(), at=AT, client_id=course.client)


def test_stars_and_own_sentences_are_ones_own(course: Course, strangers: list[Actor]) -> None:
    therapist, another = course.therapist, strangers[0]
    star = openers()[5].key
    actions.star_opener(actor=therapist, at=AT, key=star, starred=True)
    own = actions.add_opener(
        actor=therapist, at=AT, moment=Moment.SHAME, method=Method.CBT, sentence="My CANARY sentence"
    )
    mine, starred, *_ = queries.own_shelf(viewer=therapist, at=AT)
    assert (mine.words, mine.own_id, starred.key) == ("My CANARY sentence", own, star)
    assert b"CANARY" not in bytes(OwnOpener.objects.get().words_sealed)
    others = queries.own_shelf(viewer=another, at=AT)
    assert len(others) == len(openers())
    assert not any(each.is_starred for each in others)
    with pytest.raises(NotFound):
        actions.put_opener_away(actor=another, at=AT, opener_id=own)
    actions.put_opener_away(actor=therapist, at=AT, opener_id=own)
    actions.star_opener(actor=therapist, at=AT, key=star, starred=False)
    assert not any(each.is_starred for each in queries.own_shelf(viewer=therapist, at=AT))
    done = AuditEvent.objects.filter(object_type="opener", decision="allow")
    assert set(done.values_list("private_to", flat=True)) == {therapist.account}


def test_an_unknown_or_empty_sentence_is_refused(course: Course, client: Actor) -> None:
    with pytest.raises(actions.SpeakingRefused):
        actions.star_opener(actor=course.therapist, at=AT, key="nothing", starred=True)
    with pytest.raises(actions.SpeakingRefused):
        actions.add_opener(actor=course.therapist, at=AT, moment=Moment.STUCK, method=Method.ANY, sentence=" ")
    for somebody in (client, a_manager()):
        with pytest.raises(Forbidden):
            queries.own_shelf(viewer=somebody, at=AT)


def test_trust_steps_are_marked_and_a_slip_is_taken_back(course: Course, strangers: list[Actor]) -> None:
    mark = {"actor": course.therapist, "at": AT, "episode_id": course.episode, "step": TrustStep.CHOICE}
    for done in (True, True, False, True):
        actions.mark_trust_step(**mark, done=done)
    assert TrustMoment.objects.count() == 2
    steps = queries.trust_steps(viewer=course.therapist, at=AT, episode_id=course.episode)
    assert {fact.step: fact.done_at for fact in steps}[TrustStep.CHOICE] == AT
    assert (
        AuditEvent.objects.filter(object_type="trust_step", object_id=course.episode).exclude(action="read").count()
        == 3
    )
    for somebody in strangers:
        with pytest.raises((NotFound, Forbidden)):
            queries.trust_steps(viewer=somebody, at=AT, episode_id=course.episode)
        with pytest.raises((NotFound, Forbidden)):
            actions.mark_trust_step(**{**mark, "actor": somebody}, done=True)


def test_erasure_takes_it_all(client: Actor, course: Course) -> None:
    page = a_page(client)
    keys.destroy_compartment("client", course.client, at=AT, authority=course.therapist.account)
    with pytest.raises(keys.KeyDestroyed):
        queries.own_page(viewer=client, at=AT, page_id=page)
