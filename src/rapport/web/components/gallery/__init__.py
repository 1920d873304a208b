"""The gallery: every atom with its example, and the frames they stand in. Served in a demo only."""

from rapport.web.components.gallery.views import gallery, gallery_frame

__all__ = ["gallery", "gallery_frame"]
