"""Why a file is not kept: each says what to do instead."""

from __future__ import annotations

from django.utils.translation import gettext as _


class FileRefused(ValueError):
    """This file is not kept. Each reason is a class of its own, with its words."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.words())

    @staticmethod
    def words() -> str:
        return _("This file could not be kept.")


class FileEmpty(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This file is empty. Choose another one.")


class FileTooLarge(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This file is larger than 10 MB. Send a smaller one.")


class FileKindUnknown(FileRefused):
    @staticmethod
    def words() -> str:
        return _("Only pictures (JPEG, PNG, WebP), PDF and plain text can be sent. Save it as one of these first.")


class FileDamaged(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This file is damaged or cut off. Save it again and try once more.")


class FileLocked(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This PDF is locked with a password. Send it without one.")


class TooManyPixels(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This picture has too many pixels. Make it smaller and send it again.")


class TooManyPages(FileRefused):
    @staticmethod
    def words() -> str:
        return _("This PDF has too many pages or parts. Send only the pages that matter.")


class NoRoomLeft(FileRefused):
    @staticmethod
    def words() -> str:
        return _("There is no room for more files here. Bring this one to your next session instead.")
