from datetime import timedelta
import pytest
from tests.factories.people import a_course, a_therapist, signed_in, client_account
from tests.factories.sessions import a_held_hour, a_note, an_hour
from rapport.practice.foundation import clock

def test_pages(monkeypatch):
    from tests.factories.organisation import a_practice
    a_practice()
    t = a_therapist(); c = a_course(t)
    now = clock.now()
    s = an_hour(c, now - timedelta(minutes=20))
    s2 = a_held_hour(c, now - timedelta(days=7))
    n = a_note(c, s2, "hello *x*")
    b = signed_in(t)
    for u in ["/desk/", "/desk/diary/", "/desk/diary/book/", "/desk/diary/series/", f"/desk/episodes/{c.episode}/sessions/", f"/desk/sessions/{s}/", f"/desk/room/{s}/", f"/desk/notes/{n}/", f"/desk/notes/{n}/print/", "/desk/notes/unsigned/", f"/desk/room/{s}/say/?side=before", f"/desk/episodes/{c.episode}/process/"]:
        r = b.get(u)
        print(u, r.status_code)
        assert r.status_code == 200, (u, r.status_code)
    r = b.post(f"/desk/room/{s}/start/"); assert r.status_code == 303
    r = b.get(f"/desk/room/{s}/"); assert r.status_code == 200
    r = b.post(f"/desk/sessions/{s}/process/"); assert r.status_code == 200, r.status_code
    r = b.post(f"/desk/sessions/{s}/process/", {"understood": "yes"}); assert r.status_code == 303
    r = b.get(r.headers["Location"]); assert r.status_code == 200
    p = signed_in(client_account(c))
    for u in ["/portal/sessions/", f"/portal/sessions/{s}/moment/"]:
        r = p.get(u); assert r.status_code == 200, (u, r.status_code)
