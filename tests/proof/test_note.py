"""Signed notes and keys are those that other programs read and write."""

from __future__ import annotations

import pytest

from chronicle.errors import InputError
from chronicle.proof.checkpoint import Checkpoint, open_note
from chronicle.proof.key import Signer, Verifier

# The example of golang.org/x/mod/sumdb/note, the first implementation of signed notes.
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

CHECKPOINT = Checkpoint("example.com/log/1", 5, bytes(range(32)))
KEY = Signer("example.com/log", bytes(range(32)))


def test_the_example_of_the_first_implementation() -> None:
    """Key texts, key id and signature are the ones that Go has."""
    import base64  # noqa: PLC0415

    signer, verifier = Signer.parse(SIGNER), Verifier.parse(VERIFIER)
    assert (VERIFIER, SIGNER) == (signer.verifier.text, signer.secret_text)
    assert verifier == signer.verifier
    assert SIGNATURE == base64.b64encode(verifier.id + signer.sign(TEXT.encode())).decode()
    assert verifier.has_signed(TEXT.encode(), base64.b64decode(SIGNATURE)[4:])


def test_a_checkpoint_is_three_lines_and_signatures() -> None:
    """Origin, size and root, a blank line, a signature a line."""
    note = CHECKPOINT.signed([KEY])
    lines = note.split("\n")
    assert ["example.com/log/1", "5", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""] == lines[:4]
    assert lines[4].startswith("— example.com/log ")
    assert [""] == lines[5:]
    assert CHECKPOINT == open_note(note, [KEY.verifier])


def test_signatures_of_others_are_passed_over() -> None:
    """A note that a witness has signed too is still ours; one that only others have signed is not."""
    other = Signer.generate("witness.example")
    note = CHECKPOINT.signed([other, KEY])
    assert CHECKPOINT == open_note(note, [KEY.verifier])
    with pytest.raises(InputError, match="no known key"):
        open_note(CHECKPOINT.signed([other]), [KEY.verifier])
    with pytest.raises(InputError, match="no known key"):
        open_note(note, [])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("\n5\n", "\n6\n", "not what was signed"),
        ("log/1", "log/2", "not what was signed"),
        ("AAEC", "AAED", "not what was signed"),
        ("\n\n", "\n", "no signed note"),
        ("— ", "- ", "no signature"),
        ("— ", "— x", "no known key"),
    ],
)
def test_a_changed_note(before: str, after: str, message: str) -> None:
    """Whatever is changed in a note, it is no longer believed."""
    with pytest.raises(InputError, match=message):
        open_note(CHECKPOINT.signed([KEY]).replace(before, after, 1), [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a\n1\n", "a\n01\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", "a\n-1\nAA==\n", "a\nx\nAA==\n",
     "a\n1\nAA==\n", "a\n1\n!\n", "a\n²\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    """A note of something else is not taken for a checkpoint."""
    with pytest.raises(InputError, match="checkpoint"):
        Checkpoint.parse(text)


@pytest.mark.parametrize("text", ["", "a+b", VERIFIER.replace("c74f20a3", "c74f20a4"), VERIFIER[:-4], f"{VERIFIER}x"])
def test_what_is_no_key(text: str) -> None:
    """A key with a wrong id, or cut off, is refused."""
    with pytest.raises(InputError):
        Verifier.parse(text)


def test_a_private_key_does_not_show_itself() -> None:
    """Neither its representation nor an error about it has a digit of the secret."""
    assert SIGNER.rpartition("+")[2] not in repr(Signer.parse(SIGNER))
    assert "seed" not in repr(Signer.parse(SIGNER))
    with pytest.raises(InputError) as refused:
        Signer.parse(SIGNER[:-4])
    assert SIGNER[40:60] not in str(refused.value)
