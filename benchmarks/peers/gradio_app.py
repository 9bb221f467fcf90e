"""Gradio's server with the two models, on a loopback port: ``gradio_app.py PORT``."""

import sys
import time

import gradio


def answer(prompt: str, seconds: float) -> str:
    """Return the prompt after some seconds."""
    time.sleep(seconds)
    return prompt


with gradio.Blocks(analytics_enabled=False) as app:
    prompt, seconds, said = gradio.Textbox(), gradio.Number(), gradio.Textbox()
    gradio.Button().click(answer, [prompt, seconds], said, api_name="answer")

app.queue().launch(
    server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True, ssr_mode=False, share=False
)
