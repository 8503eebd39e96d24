"""Commands about what can be proved, and what is erased: verify, checkpoint, prove, redact."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from chronicle.cli.complete import names
from chronicle.cli.options import Chronicle, Db, Json
from chronicle.cli.output import harmless, print_json, print_note, progress_bar
from chronicle.errors import InputError, QuestionError
from chronicle.proof.checkpoint import Checkpoint
from chronicle.proof.evidence import read_proof
from chronicle.proof.key import Verifier
from chronicle.proving import Verified, verify_offline
from chronicle.service import Archive

MOST_TOLD = 20

Id = Annotated[str, typer.Argument(metavar="ID", autocompletion=names("id"), help="The id of a document.")]


def verify(
    *,
    folder: Annotated[
        str | None,
        typer.Option("--folder", metavar="DIR", help="Verify what `checkpoint --output DIR` wrote, offline."),
    ] = None,
    proof: Annotated[
        str | None, typer.Option("--proof", metavar="FILE", help="Verify what `prove --json` printed, offline.")
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option("--checkpoint", metavar="FILE", help="A checkpoint that the log must go on from.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="KEY|FILE", help="A verifier key, or a file of them, one a line. May be repeated."
        ),
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Verify the log: every payload, header and hash, all indexes, and the checkpoint that was signed last.

    Names what is wrong and the first bad position, and then exits with 1. A signature shows that the log is what the
    holder of the key signed: only a checkpoint that somebody else has kept shows that it is still the same.

    Example: chronicle verify
    """
    verifiers = _verifiers(key or [])
    note = None if checkpoint is None else _text(checkpoint, "--checkpoint")
    if proof is not None:
        _verify_proof(proof, verifiers, json=json)
        return
    if folder is not None:
        if not verifiers:
            raise QuestionError("--folder: name the verifier key with --key: a folder cannot vouch for itself")
        verified = verify_offline(Path(folder), verifiers, note)
    else:
        with Archive.open(db, create=False) as archive, progress_bar("verifying") as progress:
            verified = archive.verify(checkpoint=note, verifiers=verifiers, progress=progress)
    if json:
        print_json(verified.as_json())
    else:
        print(harmless(_told(verified)))
        for finding in verified.findings[:MOST_TOLD]:
            print(harmless(str(finding)))
        if len(verified.findings) > MOST_TOLD:
            print(f"and {len(verified.findings) - MOST_TOLD} more (--json has all)")
    raise typer.Exit(1 if verified.findings else 0)


def checkpoint(
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="DIR", help="Write the log as tiles that anybody can verify offline."),
    ] = None,
    rotate_key: Annotated[
        bool, typer.Option("--rotate-key", help="Sign with a new key from now on; the old one vouches for it.")
    ] = False,
    new_epoch: Annotated[
        bool,
        typer.Option(
            "--new-epoch", help="Accept that the log has lost records, or is an older copy; its readers are told."
        ),
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Print a signed checkpoint: how many records the log has, and the root of their hashes.

    Every append keeps one beside the database. Give them to somebody else, too. The verifier key goes to stderr.

    Example: chronicle checkpoint --output published
    """
    if rotate_key and new_epoch:
        raise QuestionError("--rotate-key: cannot go with --new-epoch: do one after the other")
    with Archive.open(db, create=False) as archive:
        if output is not None:
            with progress_bar("writing tiles") as progress:
                archive.export_tiles(output, progress=progress)
        if new_epoch:
            signed, note = archive.new_epoch()
        else:
            signed, note = archive.rotate_key() if rotate_key else archive.checkpoint()
        verifier = archive.verifier().text
    if json:
        print_json({**_checkpoint(signed), "note": note, "verifier": verifier})
        return
    print(note, end="")
    print_note(f"verifier key: {verifier}")
    if output is not None:
        print_note(f"the log is in {output}: verify it with chronicle verify --folder {output} --key KEY")


def prove(
    id: Annotated[  # noqa: A002
        str | None, typer.Argument(metavar="ID", autocompletion=names("id"), help="The id of a document.")
    ] = None,
    *,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="Which version of it. [latest]")] = None,
    since: Annotated[
        int | None, typer.Option("--since", metavar="N", help="Prove that the log begins with its first N records.")
    ] = None,
    chronicle: Chronicle = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Prove that a document is in the log, or (--since) that the log has only grown, against a fresh checkpoint.

    The text is a C2SP tlog-proof; --json has the header and the payload too, and is what `verify --proof` takes.

    Example: chronicle prove trade-2025 --json
    """
    if (id is None) == (since is None):
        raise QuestionError("prove: name an ID, or a number of records with --since")
    with Archive.open(db, create=False) as archive:
        if since is not None:
            consistency = archive.prove_since(since)
            if json:
                print_json(msgspec.to_builtins(consistency))
            else:
                print("\n".join([f"consistency from {since}", *consistency.hashes, "", consistency.checkpoint]), end="")
            return
        assert id is not None, "one of the two was given"
        inclusion = archive.prove(id, chronicle=chronicle, version=version)
    if json:
        print_json(msgspec.to_builtins(inclusion))
    else:
        print(inclusion.text, end="")


def redact(
    id: Id,  # noqa: A002
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it must go; it is recorded.")],
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="event, source or entity.")] = None,
    chronicle: Chronicle = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Remove what an event, source or entity says, in all its versions, for good; its headers and proofs stay.

    Folders that were sealed on this machine are sealed anew. Copies that others have, and backups, are not reached:
    followers get a record that says so. The id stays closed; `chronicle load --reinstate` opens it.

    Example: chronicle redact old-note --reason "erasure request of 2026-03-02" --yes
    """
    if not yes:
        _confirm(f"Remove the content of {id} for good?")
    with Archive.open(db, create=False) as archive:
        gone = archive.redact(id, reason=reason, chronicle=chronicle, kind=kind)
    if gone.remark is not None:
        print_note(gone.remark)
    if json:
        receipt = gone.receipt
        print_json({"position": receipt.position, "chronicle": receipt.chronicle, "id": id, "redacted": gone.positions})
        return
    positions = ", ".join(map(str, gone.positions))
    print(f"redacted {id}: the content of position {positions} is gone; the log is at position {gone.receipt.position}")


def _confirm(question: str) -> None:
    """Ask on stderr; stdout is for the answer of the command. Ends it with 1 unless the reply is yes."""
    print(f"{harmless(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        print_note("nothing was removed")
        raise typer.Exit(1)


def _verify_proof(file: str, verifiers: list[Verifier], *, json: bool) -> None:
    if not verifiers:
        raise QuestionError("--proof: name the verifier key with --key: a proof cannot vouch for itself")
    evidence = read_proof(_text(file, "--proof").encode())
    signed = evidence.check(verifiers)
    if json:
        print_json({"ok": True, "checkpoint": _checkpoint(signed)})
    else:
        print(f"proved, against the checkpoint of {signed.size} records of {harmless(signed.origin)}")


def _told(verified: Verified) -> str:
    held = verified.checkpoint
    against = "no checkpoint" if held is None else f"the checkpoint of {held.size} records"
    if not verified.findings:
        return f"verified: {verified.size} records, held against {against}"
    first = next((one.position for one in verified.findings if one.position), None)
    where = "" if first is None else f"; the first bad position is {first}"
    return f"not verified: {len(verified.findings)} wrong in {verified.size} records, held against {against}{where}"


def _checkpoint(checkpoint: Checkpoint) -> dict[str, object]:
    return {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.text.split("\n")[2]}


def _verifiers(given: list[str]) -> list[Verifier]:
    """Keys as they are, or files of them."""
    found = []
    for one in given:
        lines = [one] if "+" in one and not Path(one).is_file() else _text(one, "--key").splitlines()
        found += [Verifier.parse(line) for line in lines if line.strip()]
    return found


def _text(file: str, option: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{option}: {file} cannot be read: {error}") from None
