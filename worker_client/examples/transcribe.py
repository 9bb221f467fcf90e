r"""Transcribes speech with the confidence of each word; offline, on any CPU.

PocketSphinx is small and old: it understands a clear speaker, not a crowd. It recognises spoken
numbers better, because a grammar limits what it expects.

Needs ``pip install spaces-worker pocketsphinx soundfile soxr`` (or use the pinned
versions in requirements/example-transcribe.txt). Then run one of

    spaces-worker run --function worker_client/examples/transcribe.py:transcribe \
        --url wss://… --token wst_… --spaces transcribe

    SPACES_URL=wss://… SPACES_TOKEN=wst_… python worker_client/examples/transcribe.py
"""

from collections.abc import Generator
from io import BytesIO
from pathlib import Path
from statistics import fmean
from threading import Lock
from typing import Annotated, Literal, NamedTuple

import msgspec
import soundfile
import soxr
from msgspec import Meta
from pocketsphinx import Decoder, Segmenter

from spaces_worker import RequestContext, Result, UserError, Worker

RATE = 16_000
BYTES = 2  # of a sample
LONGEST_SECONDS = 600
NUMBERS = """#JSGF V1.0;
grammar numbers;
<digit> = one | two | three | four | five | six | seven | eight | nine;
<teen> = ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen
       | eighteen | nineteen;
<tens> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;
public <numbers> = (zero | <digit> | <teen> | <tens> [<digit>])+;
"""


class Params(msgspec.Struct):
    """Options on the page."""

    listen_for: Annotated[Literal["speech", "numbers"], Meta(title="Listen for")] = "speech"


class Word(NamedTuple):
    """A recognised word; confidence from 0 to 1."""

    text: str
    confidence: float


def load_decoders() -> dict[str, Decoder]:
    """Return a decoder for free speech and one for numbers."""
    speech = Decoder(samprate=RATE, loglevel="FATAL")
    numbers = Decoder(samprate=RATE, loglevel="FATAL", lm=None)
    numbers.add_jsgf_string("numbers", NUMBERS)
    numbers.activate_search("numbers")
    return {"speech": speech, "numbers": numbers}


decoders = load_decoders()
one_at_a_time = Lock()
"""A decoder can only process one phrase at a time."""


def transcribe(context: RequestContext, params: Params) -> Generator[str, None, Result]:
    """Yield the speech in the first file, phrase by phrase."""
    if not context.files:
        raise UserError("Record or choose some speech to transcribe.")
    sound = samples(context.files[0].path())
    words: list[Word] = []
    for phrase in Segmenter(sample_rate=RATE).segment(BytesIO(sound)):
        heard = listen(decoders[params.listen_for], phrase.pcm)
        if heard:
            yield ("\n\n" if words else "") + " ".join(word.text for word in heard)
            words += heard
        context.progress(100 * phrase.end_time * RATE * BYTES / len(sound))
    if not words:
        yield "I heard no words."
    return Result(
        data={"words": [word._asdict() for word in words]},
        confidence=fmean(word.confidence for word in words) if words else 0.0,
        model=f"pocketsphinx ({params.listen_for})",
    )


def samples(path: Path) -> bytes:
    """Return a recording as 16-bit mono samples at the decoder's rate."""
    try:
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.SoundFileError as error:
        raise UserError(
            "This file is not a readable recording. Try WAV, FLAC, OGG or MP3."
        ) from error
    if len(sound) > LONGEST_SECONDS * rate:
        raise UserError(f"The recording is too long. The limit is {LONGEST_SECONDS // 60} minutes.")
    mono = soxr.resample(sound.mean(axis=1), rate, RATE)
    return (mono.clip(-1, 1) * 32767).astype("<i2").tobytes()


def listen(ear: Decoder, phrase: bytes) -> list[Word]:
    """Return the words of a phrase."""
    with one_at_a_time:
        ear.start_utt()
        ear.process_raw(phrase, full_utt=True)
        ear.end_utt()
        if ear.hyp() is None:
            return []
        # "<s>" and "[NOISE]" are not words; "thirty(2)" is another pronunciation.
        spoken = [part for part in ear.seg() if part.word[0] not in "<["]
    return [Word(part.word.partition("(")[0], round(min(1.0, part.prob), 3)) for part in spoken]


if __name__ == "__main__":
    worker = Worker()
    worker.space("transcribe")(transcribe)
    worker.run()
