"""Addresses of messages and letters."""

from django.urls import path

from rapport.web.desk.correspondence import letters, messages

urlpatterns = [
    path("episodes/<uuid:episode_id>/messages/", messages.messages_page, name="messages"),
    path("episodes/<uuid:episode_id>/messages/settle/", messages.settle, name="message_settle"),
    path("message-files/<uuid:sent_file_id>/", messages.sent_file, name="message_file"),
    path("episodes/<uuid:episode_id>/letters/", letters.letters, name="letters"),
    path("episodes/<uuid:episode_id>/letters/new/<slug:letter_kind>/", letters.new, name="case_letter_new"),
    path("case-letters/<uuid:case_letter_id>/", letters.letter, name="case_letter"),
    path("case-letters/<uuid:case_letter_id>/show/", letters.show, name="case_letter_show"),
    path("case-letters/<uuid:case_letter_id>/together/", letters.together, name="case_letter_together"),
    path("case-letters/<uuid:case_letter_id>/send/", letters.send, name="case_letter_send"),
    path("case-letters/<uuid:case_letter_id>/aside/", letters.aside, name="case_letter_aside"),
    path("case-letters/<uuid:case_letter_id>/letter.pdf", letters.paper, name="case_letter_file"),
]
