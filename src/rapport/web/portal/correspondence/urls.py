"""Addresses of messages and letters in the portal."""

from django.urls import path

from rapport.web.portal.correspondence import letters, messages

urlpatterns = [
    path("messages/", messages.messages_page, name="messages"),
    path("messages/settle/", messages.settle, name="message_settle"),
    path("message-files/<uuid:sent_file_id>/", messages.sent_file, name="message_file"),
    path("letters/<uuid:case_letter_id>/", letters.letter, name="case_letter"),
    path("letters/<uuid:case_letter_id>/letter.pdf", letters.paper, name="case_letter_file"),
]
