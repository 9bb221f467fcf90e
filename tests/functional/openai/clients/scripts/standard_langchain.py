"""LangChain's standard integration tests for chat models; pytest runs this file.

Calls of tools and structured output need a model that is able to do them, so they are left out.
"""

from langchain_openai import ChatOpenAI
from langchain_tests.integration_tests import ChatModelIntegrationTests


class TestSpace(ChatModelIntegrationTests):
    @property
    def chat_model_class(self):
        return ChatOpenAI

    @property
    def chat_model_params(self):
        return {"model": "chat"}

    @property
    def has_tool_calling(self):
        return False

    @property
    def has_structured_output(self):
        return False

    @property
    def supports_image_inputs(self):
        return True

    @property
    def supports_image_urls(self):
        return True
