"""Every error that this project raises on purpose.

    CuttingsError
     +-- Misuse                 what was asked makes no sense: exit status 2, HTTP 422
     |    +-- BadQuestion       empty, too long, or not text
     |    +-- BadQuote          a quotation to look for that is empty, or not text
     |    +-- BadRange          a range that does not lie in a document's text
     |    +-- BadSetting        an unknown setting, or one with a value that it cannot take
     |    +-- BadQuestionSet    a file of questions that is not one
     |    +-- BadKey            a key's name that is no name, is taken or not there
     |    +-- BadUpload         a form that cannot be read, or that holds no file
     |    +-- BadName           a name or a note that is empty, too long, or not text
     +-- LoadError              one file cannot become a document; the others still can
     +-- ModelError             a model is missing, damaged or of another kind
     +-- QuoteError             a quote that is not its document's text: never shown to anybody
     +-- ServiceBusy            the queue of questions is full: try again shortly
     +-- TookTooLong            an answer that took longer than the service allows
     +-- NotReady               the service is still opening its archive, or could not
     +-- KeysDamaged            the file of keys cannot be read
     +-- NoService              nothing answers at the address of a service, or something else does
     +-- ServiceError           a service refused or failed, for a reason that is none of these
     +-- UnknownConversation    no conversation of that id is kept, or it is somebody else's
     +-- UnknownAnswer          no answer of that id is kept
     +-- TooMuchKept            a limit on what is kept is reached
     +-- ArchiveError           the archive as a whole
          +-- NoArchive         there is none at that place
          +-- NotAnArchive      there is something else at that place
          +-- NewerArchive      made by a newer version of this program
          +-- OlderArchive      made by an older version, in a form that this one does not read
          +-- WrongEmbedder     made with another embedding model
          +-- ArchiveBusy       another process is writing it
          +-- ArchiveUnwritable read-only, or the disk is full
          +-- ArchiveDamaged    the store itself cannot be read
          +-- UnknownDocument   no document of that id or path

Each message is one line that says what is wrong and what to do next.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class CuttingsError(Exception):
    """The root of the tree; `exit_status` is what a command ends with."""

    exit_status: ClassVar[int] = 1


class Misuse(CuttingsError):
    """The request itself makes no sense."""

    exit_status: ClassVar[int] = 2


class BadQuestion(Misuse):
    """A question that is empty, too long or not text."""


class BadQuote(Misuse):
    """A quotation that cannot be looked for."""


class BadRange(Misuse):
    """A range that is not one of a document's text."""


class BadSetting(Misuse):
    """An unknown setting, or a value that a setting cannot take."""


class BadQuestionSet(Misuse):
    """A file of questions that cannot be read as one."""


class BadKey(Misuse):
    """A key's name that is no name, is taken, or is not there."""


class BadUpload(Misuse):
    """A form that cannot be read, or that holds no file."""


class BadName(Misuse):
    """A name or a note that cannot be kept."""


class LoadError(CuttingsError):
    """One file that cannot become a document."""


class ModelError(CuttingsError):
    """An embedding model or a reader that is missing, damaged or unsuitable."""


class QuoteError(CuttingsError):
    """A quote that is not, character for character, in its document."""


class ServiceBusy(CuttingsError):
    """More questions are waiting than the service takes."""


class TookTooLong(CuttingsError):
    """An answer took longer than the service allows."""


class NotReady(CuttingsError):
    """The service has no open archive yet, or none at all."""


class KeysDamaged(CuttingsError):
    """The file of keys cannot be read."""


class NoService(CuttingsError):
    """There is no service at the given address."""


class ServiceError(CuttingsError):
    """What a service replied instead: `problem` is its whole problem document (RFC 9457)."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        """Say what the problem's detail says."""
        super().__init__(problem["detail"])
        self.problem = problem


class UnknownConversation(CuttingsError):
    """There is no conversation of that id for whoever asks."""


class UnknownAnswer(CuttingsError):
    """No answer of that id is kept."""


class TooMuchKept(CuttingsError):
    """A conversation, or all of them together, would grow past a limit."""


class ArchiveError(CuttingsError):
    """Something about the archive as a whole."""


class NoArchive(ArchiveError):
    """There is no archive at the given place."""


class NotAnArchive(ArchiveError):
    """The given place holds something that is not an archive."""


class NewerArchive(ArchiveError):
    """The archive was made by a newer version of this program."""


class OlderArchive(ArchiveError):
    """The archive was made by an older version of this program."""


class WrongEmbedder(ArchiveError):
    """The archive was made with another embedding model."""


class ArchiveBusy(ArchiveError):
    """Another process is writing the archive."""


class ArchiveUnwritable(ArchiveError):
    """The archive cannot be written: read-only, or no room left."""


class ArchiveDamaged(ArchiveError):
    """The store cannot be read."""


class UnknownDocument(ArchiveError):
    """The archive holds no such document."""
