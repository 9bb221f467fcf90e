"""``--transformers`` with tiny models made here (``make test-models`` installs the library)."""

import sys

import pytest

from spaces_protocol.codec import encode
from spaces_protocol.gateway_messages import Cancel
from spaces_protocol.worker_messages import Progress, Register
from tests.functional.worker_cli.support.run_command import (
    hand_over,
    hand_over_again,
    heard,
    next_chunk,
)

torch = pytest.importorskip("torch", reason="pip install transformers torch")
transformers = pytest.importorskip("transformers", reason="pip install transformers torch")
tokenizers = pytest.importorskip("tokenizers", reason="pip install transformers torch")

pytestmark = [
    pytest.mark.models,
    pytest.mark.timeout(180),
    pytest.mark.filterwarnings("ignore"),
]

WORDS = "the quick brown fox jumps over a lazy dog and one two three".split()  # noqa: SIM905


def tokenizer():
    words = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({"?": 0, "!": 1} | {w: i + 2 for i, w in enumerate(WORDS)}, "?")
    )
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, unk_token="?", pad_token="!", eos_token="!"
    )


def writer(folder):
    """Save a language model of random weights."""
    torch.manual_seed(1)
    config = transformers.GPT2Config(
        vocab_size=len(WORDS) + 2, n_embd=16, n_layer=1, n_head=2, n_positions=100_100
    )
    model = transformers.GPT2LMHeadModel(config)
    model.generation_config.suppress_tokens = [0, 1]  # never the end
    model.generation_config.pad_token_id = 1
    save(folder, model)


def judge(folder):
    """Save a classifier of random weights."""
    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=len(WORDS) + 2,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        id2label={0: "good", 1: "bad"},
        label2id={"good": 0, "bad": 1},
    )
    save(folder, transformers.BertForSequenceClassification(config))


def save(folder, model):
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)


@pytest.fixture
def link(gateway, command, monkeypatch):
    """Return a function that links a task with a model."""

    async def start(task, folder):
        path = ":".join(place for place in sys.path if place)
        offline = {"HF_HUB_OFFLINE": "1", "PYTHONPATH": path}
        await command("run", "--transformers", f"{task}:{folder}", **offline)
        return await gateway.hear(Register)

    return start


async def test_text_is_streamed_and_tokens_are_counted(gateway, link, tmp_path):
    writer(tmp_path)
    register = await link("text-generation", tmp_path)

    await hand_over(gateway, "the quick", {"max_new_tokens": 600, "do_sample": True})
    chunks, result = await heard(gateway)

    assert "max_new_tokens" in register.params_schemas["demo"]["properties"]
    assert result.status == "completed"
    assert len(chunks) >= 1
    assert result.output.text.startswith("".join(chunks))
    assert len(result.output.text.split()) == 600
    assert (result.usage.input_tokens, result.usage.output_tokens) == (2, 600)
    assert result.model == tmp_path.name


async def test_a_cancel_stops_the_generation(gateway, link, tmp_path):
    writer(tmp_path)
    await link("text-generation", tmp_path)
    await hand_over(gateway, "the quick", {"max_new_tokens": 100_000})
    assert await next_chunk(gateway)

    cancel = Cancel(request_id="demo.1.abc", attempt=1, reason="cancelled")
    await gateway.links[-1].send(encode(cancel))
    await hand_over_again(gateway)

    while (await gateway.hear(Progress)).request_id != "demo.2.abc":
        pass


async def test_a_classifier_answers_with_its_label_and_confidence(gateway, link, tmp_path):
    judge(tmp_path)
    await link("text-classification", tmp_path)

    await hand_over(gateway, "the quick brown fox")
    _, result = await heard(gateway)

    assert result.output.text in {"good", "bad"}
    assert result.output.data == [{"label": result.output.text, "score": result.confidence}]
    assert 0.5 <= result.confidence <= 1


async def test_a_model_that_is_not_there_ends_the_command(command):
    path = ":".join(place for place in sys.path if place)
    process = await command(
        "run", "--transformers", "text-generation:/nonexistent", HF_HUB_OFFLINE="1", PYTHONPATH=path
    )
    _, errors = await process.communicate()

    assert process.returncode == 3
    assert b"cannot load /nonexistent for text-generation" in errors
