"""Gradio's server with the model, on a loopback port: ``gradio_app.py PORT``."""

import sys

import gradio
import model

with gradio.Blocks(analytics_enabled=False) as app:
    prompt, said = gradio.Textbox(), gradio.Textbox()
    gradio.Button().click(model.answer, prompt, said, api_name="answer")

app.queue().launch(
    server_name="127.0.0.1", server_port=int(sys.argv[1]), quiet=True, ssr_mode=False, share=False
)
