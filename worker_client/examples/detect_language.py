r"""Tells the language of a text, with its probability: small and instant.

Needs ``pip install spaces-worker py3langid``. Then either of

    spaces-worker run --function worker_client/examples/detect_language.py:detect_language \
        --url wss://… --token wst_… --spaces detect-language

    SPACES_URL=wss://… SPACES_TOKEN=wst_… python worker_client/examples/detect_language.py
"""

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from spaces_worker import Result, UserError, Worker

NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "la": "Latin",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
SHOWN = 5

identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def detect_language(prompt: str) -> Result:
    """Return the most probable language and the next ones."""
    if not prompt.strip():
        raise UserError("Write a sentence; there is nothing to recognise in an empty text.")
    ranking = identifier.rank(prompt)[:SHOWN]
    language, probability = ranking[0]
    rows = "\n".join(f"| {name_of(code)} | {share:.1%} |" for code, share in ranking)
    return Result(
        text=f"This is **{name_of(language)}**.\n\n| language | probability |\n|---|---|\n{rows}\n",
        data={"language": language, "probabilities": dict(ranking)},
        confidence=min(1.0, probability),
        model="py3langid",
    )


def name_of(code: str) -> str:
    """Return the English name of a language with its ISO 639 code."""
    return f"{NAMES[code]} ({code})" if code in NAMES else code


if __name__ == "__main__":
    worker = Worker()
    worker.space("detect-language")(detect_language)
    worker.run()
