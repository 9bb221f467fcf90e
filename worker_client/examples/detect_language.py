r"""Detects which of 30 languages a text is in, with its probability; small and fast.

Needs ``pip install spaces-worker py3langid``. Then run one of

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
UNSURE = 0.1

identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
identifier.set_languages(NAMES)

worker = Worker()


@worker.space(
    "detect-language",
    examples=[
        "Wo ist die nächste Apotheke?",
        "¿Dónde está la biblioteca?",
        "今天天气很好。",
        {"title": "A short one", "prompt": "Ciao"},
    ],
)
def detect_language(prompt: str) -> Result:
    """Return the most probable languages."""
    if not prompt.strip():
        raise UserError("Write a sentence to detect its language.")
    ranking = identifier.rank(prompt)[:SHOWN]
    language, probability = ranking[0]
    rows = "\n".join(f"| {NAMES[code]} ({code}) | {share:.1%} |" for code, share in ranking)
    verdict = f"This is **{NAMES[language]}**." if probability > UNSURE else "I cannot tell."
    return Result(
        text=f"{verdict}\n\n| language | probability |\n|---|---|\n{rows}\n",
        data={"language": language, "probabilities": dict(ranking)},
        confidence=min(1.0, probability),
        model="py3langid",
    )


if __name__ == "__main__":
    worker.run()
