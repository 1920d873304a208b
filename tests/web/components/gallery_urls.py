"""All addresses, with the gallery as a demo serves it."""

from rapport.config.urls import GALLERY, handler400, handler403, handler404, handler500
from rapport.config.urls import urlpatterns as others

urlpatterns = [*GALLERY, *others]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
